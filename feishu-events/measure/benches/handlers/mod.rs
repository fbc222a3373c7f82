//! A handler for one event of each service.

use std::hint::black_box;

use feishu_events::{Dispatcher, dispatcher, feishu_handler};

macro_rules! handlers {
    ($($name:ident: $payload:ident = $event_type:literal,)*) => {
        $(
            #[feishu_handler($event_type)]
            async fn $name(event: feishu_events::$name::$payload) {
                black_box(event);
            }
        )*

        pub(crate) fn all() -> Dispatcher {
            dispatcher![$($name),*]
        }
    };
}

handlers! {
    acs: UserUpdatedV1 = "acs.user.updated_v1",
    apaas: WorkspaceRecordChangeV1 = "apaas.workspace.record_change_v1",
    application: ApplicationFeedbackCreatedV6 = "application.application.feedback.created_v6",
    approval: LeaveApprovalRevert = "leave_approval_revert",
    auth: UserAccessTokenRevokedV4 = "auth.user_access_token.revoked_v4",
    calendar: CalendarChangedV4 = "calendar.calendar.changed_v4",
    compensation: ArchiveChangedV1 = "compensation.archive.changed_v1",
    contact: UserUpdatedV3 = "contact.user.updated_v3",
    corehr: JobFamilyDeletedV2 = "corehr.job_family.deleted_v2",
    drive: FilePermissionMemberAddedV1 = "drive.file.permission_member_added_v1",
    elearning: CourseRegistrationDeletedV2 = "elearning.course_registration.deleted_v2",
    helpdesk: TicketMessageCreatedV1 = "helpdesk.ticket_message.created_v1",
    im: MessageReceiveV1 = "im.message.receive_v1",
    meeting_room: MeetingRoomStatusChangedV1 = "meeting_room.meeting_room.status_changed_v1",
    moments: PostDeletedV1 = "moments.post.deleted_v1",
    payroll: PaymentActivityStatusChangedV1 = "payroll.payment_activity.status_changed_v1",
    performance: StageTaskOpenResultV2 = "performance.stage_task.open_result_v2",
    task: TaskUpdateTenantV1 = "task.task.update_tenant_v1",
    vc: MeetingShareEndedV1 = "vc.meeting.share_ended_v1",
}
