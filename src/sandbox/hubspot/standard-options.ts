/**
 * Option values of the enumerations in the standard table: `names: value|value`. Values are matched exactly by the API.
 * Two values of `hs_legal_basis` contain an EN DASH. Source: HubSpot docs, "Default contact properties".
 */
export const STANDARD_OPTIONS = `
hs_last_sales_activity_type: COMPANYPROSPECTS_REVISIT|PRESENTATION_REVISIT|EMAIL_CLICK|EMAIL_OPEN|EMAIL_REPLY|FORM_SUBMITTED|MEETING_BOOKED|HUBSPOT_REVISIT
hs_analytics_source hs_latest_source: ORGANIC_SEARCH|PAID_SEARCH|EMAIL_MARKETING|SOCIAL_MEDIA|REFERRALS|OTHER_CAMPAIGNS|DIRECT_TRAFFIC|OFFLINE|PAID_SOCIAL
hs_content_membership_status: active|inactive
hs_feedback_last_nps_rating: 0|1|2|3|4|5|6|7|8|9|10
hs_predictivecontactscorebucket: bucket_1|bucket_2|bucket_3|bucket_4
hs_predictivescoringtier: tier_1|tier_2|tier_3|tier_4|closed_won
hs_marketable_reason_type: AD|CONTACT_IMPORT|CONVERSATION|FORM_SUBMISSION|INITIAL_STATE|INTEGRATOR_SET|USER_SET|WORKFLOW|EMAIL|SAMPLE_CONTACT
hs_sa_first_engagement_descr: EMPTY_DESCRIPTION|BOUNCED|BUSY|CALLING_CRM_USER|CANCELED|COMPLETED|CONNECTING|DEFERRED|FB_MESSENGER|FAILED|IN_PROGRESS|LIVE_CHAT|LOGGED_CALL|NO_ANSWER|NO_SHOW|NOT_STARTED|QUEUED|RESCHEDULED|RINGING|SCHEDULED|SENDING|SENT|WAITING|MISSED
hs_sa_first_engagement_object_type: CALL|CONVERSATION_SESSION|EMAIL|MEETING_EVENT|TASK
lifecyclestage: subscriber|lead|marketingqualifiedlead|salesqualifiedlead|opportunity|customer|evangelist|other
numemployees: 1-5|5-25|25-50|50-100|100-500|500-1000|1000+
hs_buying_role: BLOCKER|BUDGET_HOLDER|CHAMPION|DECISION_MAKER|END_USER|EXECUTIVE_SPONSOR|INFLUENCER|LEGAL_AND_COMPLIANCE|OTHER
hs_email_customer_quarantined_reason: SUSPENSION_REMEDIATION|BLOCKLIST_REMEDIATION|TRUST_SAFETY_REMEDIATION
hs_email_hard_bounce_reason hs_email_hard_bounce_reason_enum: CONTENT|MAILBOX_FULL|OTHER|POLICY|SPAM|UNKNOWN_USER
hs_email_quarantined_reason: ON_LIST_IMPORT|HIGH_HARD_BOUNCE_RATE|MULTIPLE_CANCELLED_CAMPAIGNS|FORM_ABUSE|RECIPIENT_COMPLAINT|SUSPENSION_REMEDIATION|BLOCKLIST_REMEDIATION|TRUST_SAFETY_REMEDIATION|OTHER|UNDELIVERABLE_ADDRESS
hs_emailconfirmationstatus: |Confirmed|Confirmation Pending|Confirmation Email Sent|User clicked confirmation|HubSpot Rep. marked confirmed|Customer marked confirmed|Confirmed from previous behavior|Confirmed due to form
hs_legal_basis: Legitimate interest – prospect/lead|Legitimate interest – existing customer|Legitimate interest - other|Performance of a contract|Freely given consent from contact|Not applicable
hs_lead_status: NEW|OPEN|IN_PROGRESS|OPEN_DEAL|UNQUALIFIED|ATTEMPTED_TO_CONTACT|CONNECTED|BAD_TIMING
currentlyinworkflow hs_marketable_status hs_marketable_until_renewal hs_clicked_linkedin_ad hs_linkedin_ad_clicked: true|false
`

/** BCP 47 tags in lower case, as `hs_language` spells them; a working subset of the vendor's list. */
export const LANGUAGES =
  'af sq sq-al ar ar-dz ar-bh ar-eg ar-iq ar-jo ar-kw ar-lb ar-ly ar-ma ar-om ar-qa ar-sa ar-sd ar-sy ar-tn ar-ae ar-ye hy eu be be-by bg bg- ' +
  'bg ca ca-es zh zh-cn zh-hk zh-mo zh-sg zh-tw zh-chs zh-cht hr hr-hr cs cs-cz da da-dk nl nl-be nl-nl en en-au en-ca en-hk en-in en-ie en- ' +
  'my en-mt en-nz en-ph en-sg en-za en-gb en-us en-zw et et-ee fo fa fi fi-fi fr fr-be fr-ca fr-fr fr-lu fr-mc fr-ch gl ka de bs de-at de-ch ' +
  'de-de de-li de-lu el el-cy el-gr he he-il hi hi-in hu hu-hu is is-is id ga ga-ie it it-ch it-it ja ja-jp kk ko ko-kr lv lv-lv lt lt-lt lb ' +
  'mk ms mt mt-mt nb nn no no-no pl pl-pl pt pt-br pt-pt ro ro-ro ru ru-ru sr sr-rs sk sk-sk sl sl-si es es-ar es-cl es-co es-es es-mx sv sv- ' +
  'fi sv-se th th-th tr tr-tr uk uk-ua vi vi-vn cy'
