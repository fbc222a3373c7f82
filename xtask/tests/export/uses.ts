// What openapi-typescript makes of the OpenAPI document can be used: compiled with `tsc --strict`.
import type { components, operations } from "./openapi";

type Received = components["schemas"]["ImMessageReceiveV1Envelope"];
type Body = operations["onImMessageReceiveV1"]["requestBody"]["content"]["application/json"];

export function text(body: Body): string | undefined {
  if ("encrypt" in body) {
    const encrypted: string = body.encrypt;
    return encrypted;
  }
  const received: Received = body;
  // Listed values are known, and others may come.
  const chat: "group" | "p2p" | string | undefined = received.event.message?.chat_type;
  const mentions = received.event.message?.mentions ?? [];
  const names: (string | undefined)[] = mentions.map((mention) => mention.name);
  return [chat, ...names, received.event.message?.content].join(" ");
}

export function department(body: components["schemas"]["ContactDepartmentUpdatedV3Envelope"]): number | undefined {
  // @ts-expect-error the field is called otherwise: a type that takes any name would be of no use
  void body.event.object?.nmae;
  const order: number | undefined = body.event.object?.order;
  return order;
}
