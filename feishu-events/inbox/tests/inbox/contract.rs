//! One suite for all stores.

/// The suite as tests of one kind of store.
macro_rules! tests_of {
    ($module:ident, [$($name:ident),+ $(,)?]) => {
        mod $module {
            $(
                #[tokio::test]
                async fn $name() {
                    let Some(place) = crate::places::Place::$module().await else { return };
                    crate::suite::$name(&*place.open().await).await;
                }
            )+
        }
    };
}

macro_rules! contract {
    ($module:ident) => {
        tests_of!(
            $module,
            [
                an_event_is_kept_once_and_comes_out_as_it_went_in,
                events_without_a_key_or_anything_else_are_kept_each_time,
                the_oldest_come_first_and_no_more_than_asked_for,
                a_lease_that_ran_out_goes_to_the_next_and_the_old_one_is_refused,
                an_extended_lease_does_not_run_out,
                a_failed_event_comes_again_in_its_time_and_knows_it,
                a_returned_event_comes_again_as_if_nothing_had_been,
                an_interrupted_event_comes_again_and_knows_it,
                an_interrupted_event_is_held_if_asked_for,
                an_id_that_no_store_counts_to_is_unknown,
                events_of_one_key_come_one_after_the_other,
                after_a_dead_event_the_next_of_its_key_comes,
                dead_events_are_listed_redriven_and_purged,
                purging_one_of_a_key_lets_the_next_through,
                settled_events_are_forgotten_in_their_time,
                the_depth_counts_each_state_and_the_age,
                of_many_who_keep_and_lease_at_once_each_event_goes_to_one,
            ]
        );
    };
}

contract!(memory);
#[cfg(feature = "sqlite")]
contract!(sqlite);
#[cfg(feature = "redis")]
contract!(redis);
#[cfg(feature = "postgres")]
contract!(postgres);
