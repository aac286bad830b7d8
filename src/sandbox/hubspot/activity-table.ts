/** Activities. Source: HubSpot docs, pages of the engagements APIs. GROUP stands for the type's own group. Same format as the contact table. */
export const ACTIVITY_TABLE = `
GROUP datetime date f: hs_timestamp
GROUP string text f: hs_attachment_ids hs_unique_id
GROUP string text r: hs_body_preview hs_body_preview_html hs_all_owner_ids hs_all_team_ids hs_all_accessible_team_ids hs_created_by
  hs_modified_by hs_created_by_user_id hs_updated_by_user_id hs_user_ids_of_all_owners hs_engagement_source hs_engagement_source_id
  hs_at_mentioned_owner_ids hs_gdpr_deleted hs_obj_coords hs_queue_membership_ids
GROUP bool booleancheckbox r: hs_body_preview_is_truncated
GROUP datetime date r: hubspot_owner_assigneddate
`

export const ACTIVITY_TABLES: Record<string, { table: string; options: string }> = {
  notes: { table: 'note string html f: hs_note_body', options: '' },
  calls: {
    table: `
call string text f: hs_call_title hs_call_from_number hs_call_to_number hs_call_recording_url hs_call_disposition hs_call_callee_object_id
  hs_call_callee_object_type hs_call_callee_object_type_id hs_call_external_id hs_call_external_account_id hs_call_app_id hs_activity_type
  hs_call_video_recording_url hs_call_transcription_id hs_call_caller_id
call string html f: hs_call_body
call string textarea f: hs_call_summary
call number number f: hs_call_duration
call enumeration select f: hs_call_direction hs_call_status hs_call_source hs_call_location
call bool booleancheckbox r: hs_call_has_transcript hs_call_has_voicemail
`,
    options: `
hs_call_direction: INBOUND|OUTBOUND
hs_call_status: BUSY|CALLING_CRM_USER|CANCELED|COMPLETED|CONNECTING|FAILED|IN_PROGRESS|MISSED|NO_ANSWER|QUEUED|RINGING
hs_call_source: INTEGRATIONS_PLATFORM|HUBSPOT|INTEGRATION
`,
  },
  emails: {
    table: `
email string text f: hs_email_subject hs_email_message_id hs_email_thread_id hs_email_tracker_key hs_email_error_message
email string textarea f: hs_email_text hs_email_headers
email string html f: hs_email_html
email enumeration select f: hs_email_direction hs_email_status
email string text r: hs_email_from_email hs_email_from_firstname hs_email_from_lastname hs_email_from_raw hs_email_sender_email
  hs_email_sender_firstname hs_email_sender_lastname hs_email_to_email hs_email_to_firstname hs_email_to_lastname hs_email_to_raw
  hs_email_cc_email hs_email_cc_firstname hs_email_cc_lastname hs_email_bcc_email hs_email_bcc_firstname hs_email_bcc_lastname
  hs_email_logged_from hs_email_associated_contact_id hs_email_bounce_error_detail_message hs_email_post_send_status
email number number cr: hs_email_open_count hs_email_click_count hs_email_reply_count hs_email_open_rate hs_email_click_rate
  hs_email_reply_rate
email bool booleancheckbox r: hs_email_attached_video_opened hs_email_attached_video_watched
`,
    options: `
hs_email_direction: EMAIL|INCOMING_EMAIL|FORWARDED_EMAIL|DRAFT_EMAIL
hs_email_status: BOUNCED|FAILED|SCHEDULED|SENDING|SENT
`,
  },
  meetings: {
    table: `
meeting string text f: hs_meeting_title hs_meeting_location hs_meeting_external_url hs_activity_type hs_meeting_external_id hs_attendee_owner_ids
  hs_i_cal_uid
meeting string html f: hs_meeting_body hs_internal_meeting_notes
meeting datetime date f: hs_meeting_start_time hs_meeting_end_time
meeting enumeration select f: hs_meeting_outcome hs_meeting_location_type hs_meeting_source
`,
    options: `
hs_meeting_outcome: SCHEDULED|COMPLETED|RESCHEDULED|NO_SHOW|CANCELED
hs_meeting_location_type: PHONE|ADDRESS|CUSTOM
`,
  },
  tasks: {
    table: `
task string text f: hs_task_subject hs_task_reminders hs_repeat_status hs_task_relative_reminders hs_task_sequence_step_order
task string html f: hs_task_body
task enumeration select f: hs_task_status hs_task_priority hs_task_type
task bool booleancheckbox cr: hs_task_is_completed hs_task_is_overdue hs_task_is_all_day
task datetime date r: hs_task_completion_date hs_task_last_contact_outreach
`,
    options: `
hs_task_status: NOT_STARTED|IN_PROGRESS|WAITING|DEFERRED|COMPLETED
hs_task_priority: NONE|LOW|MEDIUM|HIGH
hs_task_type: EMAIL|CALL|TODO|LINKED_IN|LINKED_IN_CONNECT|LINKED_IN_MESSAGE|MEETING
`,
  },
  postal_mail: { table: 'postal_mail string html f: hs_postal_mail_body', options: '' },
  communications: {
    table: `
communication string html f: hs_communication_body
communication enumeration select f: hs_communication_channel_type hs_communication_logged_from
communication string text r: hs_communication_conversation_object_id hs_communication_conversations_channel_id
`,
    options: `
hs_communication_channel_type: SMS|WHATS_APP|LINKEDIN_MESSAGE|PHYSICAL_MAIL|CUSTOM_CHANNEL_CONVERSATION
hs_communication_logged_from: CRM
`,
  },
}
