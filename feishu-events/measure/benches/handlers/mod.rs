//! A handler for one event of each service.

#![allow(clippy::unused_async)] // handlers of a real app await something

use std::hint::black_box;

use feishu_events::{Dispatcher, dispatcher, feishu_handler};

pub(crate) fn all() -> Dispatcher {
    dispatcher![
        on_acs,
        on_apaas,
        on_application,
        on_approval,
        on_auth,
        on_calendar,
        on_compensation,
        on_contact,
        on_corehr,
        on_drive,
        on_elearning,
        on_helpdesk,
        on_im,
        on_meeting_room,
        on_moments,
        on_payroll,
        on_performance,
        on_task,
        on_vc
    ]
}

#[feishu_handler("acs.user.updated_v1")]
async fn on_acs(event: feishu_events::acs::UserUpdatedV1) {
    black_box(event);
}

#[feishu_handler("apaas.workspace.record_change_v1")]
async fn on_apaas(event: feishu_events::apaas::WorkspaceRecordChangeV1) {
    black_box(event);
}

#[feishu_handler("application.application.feedback.created_v6")]
async fn on_application(event: feishu_events::application::ApplicationFeedbackCreatedV6) {
    black_box(event);
}

#[feishu_handler("leave_approval_revert")]
async fn on_approval(event: feishu_events::approval::LeaveApprovalRevert) {
    black_box(event);
}

#[feishu_handler("auth.user_access_token.revoked_v4")]
async fn on_auth(event: feishu_events::auth::UserAccessTokenRevokedV4) {
    black_box(event);
}

#[feishu_handler("calendar.calendar.changed_v4")]
async fn on_calendar(event: feishu_events::calendar::CalendarChangedV4) {
    black_box(event);
}

#[feishu_handler("compensation.archive.changed_v1")]
async fn on_compensation(event: feishu_events::compensation::ArchiveChangedV1) {
    black_box(event);
}

#[feishu_handler("contact.user.updated_v3")]
async fn on_contact(event: feishu_events::contact::UserUpdatedV3) {
    black_box(event);
}

#[feishu_handler("corehr.job_family.deleted_v2")]
async fn on_corehr(event: feishu_events::corehr::JobFamilyDeletedV2) {
    black_box(event);
}

#[feishu_handler("drive.file.permission_member_added_v1")]
async fn on_drive(event: feishu_events::drive::FilePermissionMemberAddedV1) {
    black_box(event);
}

#[feishu_handler("elearning.course_registration.deleted_v2")]
async fn on_elearning(event: feishu_events::elearning::CourseRegistrationDeletedV2) {
    black_box(event);
}

#[feishu_handler("helpdesk.ticket_message.created_v1")]
async fn on_helpdesk(event: feishu_events::helpdesk::TicketMessageCreatedV1) {
    black_box(event);
}

#[feishu_handler("im.message.receive_v1")]
async fn on_im(event: feishu_events::im::MessageReceiveV1) {
    black_box(event);
}

#[feishu_handler("meeting_room.meeting_room.status_changed_v1")]
async fn on_meeting_room(event: feishu_events::meeting_room::MeetingRoomStatusChangedV1) {
    black_box(event);
}

#[feishu_handler("moments.post.deleted_v1")]
async fn on_moments(event: feishu_events::moments::PostDeletedV1) {
    black_box(event);
}

#[feishu_handler("payroll.payment_activity.status_changed_v1")]
async fn on_payroll(event: feishu_events::payroll::PaymentActivityStatusChangedV1) {
    black_box(event);
}

#[feishu_handler("performance.stage_task.open_result_v2")]
async fn on_performance(event: feishu_events::performance::StageTaskOpenResultV2) {
    black_box(event);
}

#[feishu_handler("task.task.update_tenant_v1")]
async fn on_task(event: feishu_events::task::TaskUpdateTenantV1) {
    black_box(event);
}

#[feishu_handler("vc.meeting.share_ended_v1")]
async fn on_vc(event: feishu_events::vc::MeetingShareEndedV1) {
    black_box(event);
}
