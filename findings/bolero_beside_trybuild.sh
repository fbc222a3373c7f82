#!/usr/bin/env bash
# bolero 0.13.7 can't be in one workspace with trybuild 1.0.122 (or anything else that uses `toml` 1):
# its derive crate asks for indexmap "=2.11.2", an exact version, and `toml` 1.0.0 for "^2.11.4". Two
# versions with the same major number can't both be chosen, so resolving ends with an error, although
# neither crate uses the other. Each alone resolves. It is why our fuzz targets use `cargo fuzz`.
#
# Seen on 2026-11-27 with cargo 1.95:
#   both: error: failed to select a version for `indexmap`.
#   bolero alone: resolved
#   trybuild alone: resolved
#
# Exits with 1 if it behaves otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# resolve NAME DEPENDENCY…: the first line of the error, or "resolved"
resolve() {
  mkdir "$folder/$1"
  cd "$folder/$1"
  : >lib.rs
  printf '[package]\nname = "tried"\nversion = "0.0.0"\nedition = "2024"\n[lib]\npath = "lib.rs"\n[dependencies]\n' >Cargo.toml
  printf '%s\n' "${@:2}" >>Cargo.toml
  if cargo generate-lockfile >log 2>&1; then echo resolved; else grep -m 1 '^error' log; fi
}
both=$(resolve both 'bolero = "=0.13.7"' 'trybuild = "=1.0.122"')
bolero=$(resolve bolero 'bolero = "=0.13.7"')
trybuild=$(resolve trybuild 'trybuild = "=1.0.122"')
printf 'both: %s\nbolero alone: %s\ntrybuild alone: %s\n' "$both" "$bolero" "$trybuild"
[ "$both" = 'error: failed to select a version for `indexmap`.' ]
[ "$bolero" = resolved ] && [ "$trybuild" = resolved ]
