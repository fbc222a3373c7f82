//! A crate over `feishu-events`: it depends on it under another name, and its users depend on
//! nothing but this crate.

pub use events;

/// Makes a dispatcher of handlers, without naming `feishu-events`.
#[macro_export]
macro_rules! bot {
    ($($handler:path),* $(,)?) => {
        $crate::events::dispatcher! { crate = $crate::events; $($handler),* }
    };
}

/// Makes a function the handler of an event, without naming `feishu-events`.
#[macro_export]
macro_rules! on {
    ($event:literal, $function:item) => {
        #[$crate::events::feishu_handler($event, crate = $crate::events)]
        $function
    };
}

#[cfg(test)]
mod tests {
    use events::{Context, Dispatcher, Event, State, contact, dispatcher, feishu_handler};

    #[derive(Clone)]
    struct App;

    #[feishu_handler("contact.department.updated_v3", crate = events)]
    #[allow(clippy::unused_async)] // handlers may be async
    async fn on_department(
        _: contact::DepartmentUpdatedV3,
        _: &Context,
        _: State<App>,
    ) -> Result<(), String> {
        Ok(())
    }

    #[feishu_handler("contact.user.*", crate = ::events)]
    fn on_users(_: &Event) {}

    #[feishu_handler(fallback, crate = events)]
    fn on_rest() {}

    impl App {
        #[feishu_handler("acme.thing.done_v1", payload = String, on = App, crate = events)]
        fn on_thing(_: &String) {}
    }

    #[test]
    fn handlers_are_found_under_the_name_that_the_dependency_has() {
        let dispatcher: Dispatcher = dispatcher! {
            crate = events;
            on_department, on_users, App::on_thing, on_rest,
        }
        .state(App);
        assert_eq!(dispatcher.event_types().len(), 4);
        assert_eq!(dispatcher.other_names(), ["acme.thing.done_v1"]);
    }
}
