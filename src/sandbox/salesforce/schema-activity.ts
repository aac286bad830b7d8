/** Activities, mail, files, feeds. Line format: see parse-object.ts. Salesforce docs: Object Reference. */
export const activity = `
Task 00T cudn +bin +audit
reference n: AccountId>Account:Account
date ncu: ActivityDate
string255 ncu: CallDisposition
int ncu: CallDurationInSeconds
string255 ncu: CallObject
picklist40 ncu: CallType=Internal;Inbound;Outbound
datetime n: CompletedDateTime
textarea32000 ncuFS: Description
boolean d: IsArchived | IsClosed | IsHighPriority
boolean cd: IsRecurrence
boolean cud: IsReminderSet
reference cud: OwnerId>Group,User:Owner
picklist20 cud: Priority=High;*Normal;Low
reference n: RecurrenceActivityId>Task:RecurrenceActivity:RecurringTasks
int ncu: RecurrenceDayOfMonth | RecurrenceDayOfWeekMask
date ncu: RecurrenceEndDateOnly
picklist40 ncu: RecurrenceInstance=First;Second;Third;Fourth;Last
int ncu: RecurrenceInterval
picklist40 ncu: RecurrenceMonthOfYear=$months
picklist40 ncu: RecurrenceRegeneratedType=RecurrenceRegenerateAfterDueDate;RecurrenceRegenerateAfterToday;RecurrenceRegenerated
date ncu: RecurrenceStartDateOnly
picklist40 ncu: RecurrenceTimeZoneSidKey | RecurrenceType=$recurrence
datetime ncu: ReminderDateTime
picklist255 cud: Status=*Not Started;In Progress;Completed;Waiting on someone else;Deferred
combobox255 ncuN: Subject=Call;Email;Send Letter;Send Quote;Other
picklist40 nc: TaskSubtype=Task;Email;ListEmail;Cadence;Call;LinkedIn
picklist255 ncu: Type=Call;Email;Meeting;Other
int n: WhatCount
reference ncu: WhatId>$related:What:Tasks:cascade
int n: WhoCount
reference ncu: WhoId>Contact,Lead:Who:Tasks:cascade
reference ncuR: RecordTypeId>RecordType:RecordType

Event 00U cudn +bin +audit
reference ncu: WhoId"Name ID">Contact,Lead:Who:Events:cascade
reference ncu: WhatId"Related To ID">$related:What:Events:cascade
combobox255 ncuN: Subject=Call;Email;Meeting;Send Letter/Quote;Other
string255 ncu: Location
boolean cud: IsAllDayEvent"All-Day Event"
datetime ncu: ActivityDateTime"Due Date Time"
date ncu: ActivityDate"Due Date Only"
int8 ncu: DurationInMinutes"Duration"
datetime ncu: StartDateTime | EndDateTime
date n: EndDate
textarea32000 ncuFS: Description
reference n: AccountId>Account:Account
reference cud: OwnerId"Assigned To ID">Calendar,User:Owner
boolean cud: IsPrivate"Private"
picklist40 ncudr: ShowAs"Show Time As"=*Busy;OutOfOffice;Free
boolean d: IsChild | IsGroupEvent
picklist40 ndr: GroupEventType=*0;1;2;3
boolean d: IsArchived"Archived"
reference n: RecurrenceActivityId>Event::RecurringEvents
boolean cd: IsRecurrence"Create Recurring Series of Events"
datetime ncu: RecurrenceStartDateTime"Recurrence Start"
date ncu: RecurrenceEndDateOnly"Recurrence End"
picklist40 ncur: RecurrenceTimeZoneSidKey"Recurrence Time Zone" | RecurrenceType=$recurrence
int9 ncu: RecurrenceInterval | RecurrenceDayOfWeekMask"Recurrence Day of Week Mask" | RecurrenceDayOfMonth"Recurrence Day of Month"
picklist40 ncur: RecurrenceInstance=First;Second;Third;Fourth;Last
picklist40 ncur: RecurrenceMonthOfYear"Recurrence Month of Year"=$months
datetime ncu: ReminderDateTime"Reminder Date/Time"
boolean cud: IsReminderSet"Reminder Set"
picklist40 ncr: EventSubtype=Event
boolean d: IsRecurrence2Exclusion"Historical Event, Not Following Recurrence"
textarea512 ncFS: Recurrence2PatternText"Recurrence Pattern"
picklist40 nr: Recurrence2PatternVersion"Pattern Version"=1;2
boolean d: IsRecurrence2"Repeat" | IsRecurrence2Exception"Is Exception"
datetime n: Recurrence2PatternStartDate"Recurrence Pattern Start Date"
string255 n: Recurrence2PatternTimeZone"Recurrence Pattern Time Zone Reference"

EmailMessage 02s cudn +bin +audit
reference nc: ActivityId>Task:Activity
string ncu: AttachmentIds
picklist ncu: AutomationType
string4000 ncu: BccAddress | CcAddress
string ncu: ClientThreadIdentifier
reference ncu: EmailRoutingAddressId>EmailRoutingAddress:EmailRoutingAddress | EmailTemplateId>EmailTemplate:EmailTemplate
datetime ncu: FirstOpenedDate
email1000 ncu: FromAddress
reference ncu: FromId>Contact,Lead,User:From
string1000 ncu: FromName
boolean d: HasAttachment
textarea32000 ncuFS: Headers
textarea131072 ncuFS: HtmlBody
boolean cd: Incoming
boolean cud: IsBounced
boolean cd: IsClientManaged | IsExternallyVisible
boolean d: IsOpened
boolean cd: IsPrivateDraft
boolean cud: IsTracked
datetime ncu: LastOpenedDate | MessageDate
string765 ncu: MessageIdentifier
string ncu: Name
reference nc: ParentId>Case:Parent:EmailMessages:cascade
reference ncu: RelatedToId>$related:RelatedTo:Emails
reference ncu: ReplyToEmailMessageId>EmailMessage:ReplyToEmailMessage
picklist ncu: Source
picklist40 cud: Status=*0;1;2;3;4;5
string3000 ncuN: Subject
textarea131072 ncuFS: TextBody
string765 ncu: ThreadIdentifier
string4000 ncu: ToAddress
picklist255 ncu: ValidatedFromAddress

EmailMessageRelation 0CZ cudn +bin
reference c: EmailMessageId>EmailMessage:EmailMessage:EmailMessageRelations:cascade
string255 nc: RelationAddress
reference nc: RelationId>Contact,Lead,User:Relation:EmailMessageRelations:cascade
string50 n: RelationObjectType
picklist40 c: RelationType=ToAddress;CcAddress;BccAddress;FromAddress;OtherAddress
datetime d: CreatedDate
reference d: CreatedById>User:CreatedBy
datetime d: SystemModstamp

Note 002 cudn +bin +audit
textarea32000 ncuFS: Body
boolean cud: IsPrivate
reference cud: OwnerId>User:Owner
reference c: ParentId>$noted:Parent:Notes:cascade
string80 cuN: Title

Attachment 00P cudn +bin +audit
reference c: ParentId>$attached:Parent:Attachments:cascade
string255 cuN: Name
boolean cud: IsPrivate
string120 ncu: ContentType
int n: BodyLength
base64 cuFS: Body
reference cud: OwnerId>Calendar,User:Owner
textarea500 ncuFS: Description
boolean d: IsEncrypted

ContentDocument 069 udn +bin +audit +viewed
reference n: ArchivedById>User:ArchivedBy
date n: ArchivedDate
reference ncu: ContentAssetId>ContentAsset:ContentAsset
datetime n: ContentModifiedDate
int n: ContentSize
int ncu: ContentSizeLong
textarea1000 ncuFS: Description
string40 n: FileExtension
string20 n: FileType
boolean cud: IsArchived | IsInternalOnly
reference n: LatestPublishedVersionId>ContentVersion:LatestPublishedVersion
reference cud: OwnerId>User:Owner
reference ncu: ParentId>ContentWorkspace:Parent
picklist40 d: PublishStatus=U;*P;R
picklist40 ncu: SharingOption=A;R | SharingPrivacy=N;P
string255 cuN: Title

ContentDocumentLink 06A cudn +bin
reference c: ContentDocumentId>ContentDocument:ContentDocument:ContentDocumentLinks:cascade
reference c: LinkedEntityId>$linked:LinkedEntity:ContentDocumentLinks:cascade
picklist40 ncu: ShareType=V;C;I | Visibility=AllUsers;InternalUsers;SharedUsers
datetime d: SystemModstamp

FeedItem 0D5 cudn +bin
reference n: BestCommentId>FeedComment:BestComment
textarea10000 ncuFS: Body
int -: CommentCount
base64 ncuFS: ContentData
textarea ncu: ContentDescription
string ncu: ContentFileName
int ncu: ContentSize
string ncu: ContentType
reference ncu: FeedPostId>FeedItem:FeedPost
boolean d: HasContent | HasFeedEntity | HasLink | HasVerifiedComment
reference -: InsertedById>User:InsertedBy
boolean d: IsClosed
boolean cud: IsRichText
reference n: LastEditById>User:LastEditBy
datetime n: LastEditDate
int -: LikeCount
url1000 nc: LinkUrl
picklist40 nc: NetworkScope=AllNetworks
reference c: ParentId>$fed:Parent::cascade
reference nc: RelatedRecordId>ContentVersion:RelatedRecord
int n: Revision
picklist40 ncu: Status=Published;PendingReview;Draft;Isolated
string255 ncu: Title
picklist40 ncd: Type=*TextPost;TrackedChange;UserStatus;AdvancedTextPost;LinkPost;ContentPost;PollPost;CaseCommentPost;EmailMessageEvent;CallLogPost;QuestionPost
picklist40 ncu: Visibility=AllUsers;InternalUsers
datetime d: CreatedDate
reference d: CreatedById>User:CreatedBy
datetime d: LastModifiedDate | SystemModstamp

ContentVersion 068 cu +bin +audit
reference nc: ContentDocumentId>ContentDocument:ContentDocument:ContentVersions:cascade
reference nc: FirstPublishLocationId>$linked:FirstPublishLocation
string255 ncuN: Title
string500 nc: PathOnClient
textarea1000 ncuFS: Description | ReasonForChange
base64 ncuFS: VersionData
int n: ContentSize
string40 n: FileExtension
string20 n: FileType
string20 n: VersionNumber
boolean d: IsLatest
reference ncud: OwnerId>User:Owner

FeedComment 0D7 cud +bin
reference c: FeedItemId>FeedItem:FeedItem:FeedComments:cascade
reference n: ParentId>$fed:Parent
textarea10000 cuFS: CommentBody
picklist40 n: CommentType=*TextComment;ContentComment
boolean cud: IsRichText
datetime d: CreatedDate | SystemModstamp
reference d: CreatedById>User:CreatedBy

EventRelation 0RE cud +bin +audit
reference c: EventId>Event:Event:EventRelations:cascade
reference c: RelationId>Contact,Lead,User:Relation:EventRelations:cascade
picklist40 ncud: Status=*New;Declined;Accepted;Uninvited;Maybe
datetime ncu: RespondedDate
string255 ncu: Response

TaskRelation 0RT cud +bin +audit
reference c: TaskId>Task:Task:TaskRelations:cascade
reference c: RelationId>Contact,Lead:Relation:TaskRelations:cascade
boolean d: IsWhat

EntitySubscription 0E8 cd +bin
reference c: ParentId>$fed:Parent:FeedSubscriptionsForEntity:cascade
reference c: SubscriberId>User:Subscriber:FeedSubscriptions:cascade
datetime d: CreatedDate
reference d: CreatedById>User:CreatedBy

TopicAssignment 0FT cd +bin
reference c: EntityId>$fed:Entity:TopicAssignments:cascade
string18 c: TopicId
datetime d: CreatedDate | SystemModstamp
reference d: CreatedById>User:CreatedBy
`
