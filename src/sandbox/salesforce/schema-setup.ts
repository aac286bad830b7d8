/** Users, organization, permissions, value sets; what only Tooling knows. Line format: see parse-object.ts. Salesforce docs: Object Reference. */
export const setup = `
User 005 cu +audit +viewed
textarea1000 ncuFS: AboutMe
reference n: AccountId>Account:Account:Users
address nS: Address
string8 cu: Alias
string80 n: BadgeText
url1024 n: BannerPhotoUrl
reference ncu: CallCenterId>CallCenter:CallCenter
string40 ncu: City
string40 cu: CommunityNickname
string80 ncu: CompanyName
reference ncu: ContactId>Contact:Contact:Users:restrict
string80 ncu: Country
picklist40 cud: DefaultGroupNotificationFrequency=*P;D;W;N
reference ncu: DelegatedApproverId>Group,User:DelegatedApprover
string80 ncu: Department
picklist40 cud: DigestFrequency=*D;W;N
email128 cu: Email
picklist40 cu: EmailEncodingKey
string20 ncu: EmployeeNumber
phone40 ncu: Extension | Fax
string512 ncu: FederationIdentifier
string40 ncu: FirstName
boolean cud: ForecastEnabled
url1024 n: FullPhotoUrl
picklist40 ncu: GeocodeAccuracy=$accuracy
reference ncuD: IndividualId>Individual:Individual
boolean cud: IsActive
boolean d: IsProfilePhotoActive
picklist40 cu: LanguageLocaleKey
datetime n: LastLoginDate
string80 cu: LastName
datetime n: LastPasswordChangeDate
double ncu: Latitude
picklist40 cu: LocaleSidKey
double ncu: Longitude
reference ncu: ManagerId>User:Manager
url1024 n: MediumBannerPhotoUrl | MediumPhotoUrl
phone40 ncu: MobilePhone
string121 N: Name
int n: NumberOfFailedLogins
datetime n: OfflinePdaTrialExpirationDate | OfflineTrialExpirationDate
string40 n: OutOfOfficeMessage
phone40 ncu: Phone
string20 ncu: PostalCode
reference cu: ProfileId>Profile:Profile
boolean cud: ReceivesAdminInfoEmails | ReceivesInfoEmails
email80 ncu: SenderEmail
string80 ncu: SenderName
textarea1333 ncuFS: Signature
url1024 n: SmallBannerPhotoUrl | SmallPhotoUrl
string80 ncu: State
textarea255 ncu: Street
picklist40 cu: TimeZoneSidKey
string80 ncu: Title
reference ncu: UserRoleId>UserRole:UserRole
picklist40 n: UserType=Standard;PowerPartner;PowerCustomerSuccess;CustomerSuccess;Guest;CspLitePortal;CsnOnly;SelfService
string80 cui: Username
picklist40 ncu: StartDay | EndDay
datetime n: PasswordExpirationDate
date n: SuAccessExpirationDate
boolean d: IsPartner
picklist40 ncu: PortalRole=Executive;Manager;Worker;PersonAccount
boolean cud: IsPortalEnabled
boolean d: IsPortalSelfRegistered | IsExtIndicatorVisible
boolean cud: IsPrmSuperUser | HasUserVerifiedEmail | HasUserVerifiedPhone

Organization 00D u +audit
string40 nu: City
email80 n: ComplianceBccEmail
string80 n: Country
int n: DailyWebToCaseCount | DailyWebToCaseLimit | DailyWebToLeadCount | DailyWebToLeadLimit
picklist40 n: DefaultAccountAccess=$access
picklist40 n: DefaultCalendarAccess=HideDetails;HideDetailsInsert;ShowDetails;ShowDetailsInsert;AllowEdits
picklist40 n: DefaultCampaignAccess=None;Read;Edit;All | DefaultCaseAccess=None;Read;Edit;ReadEditTransfer
picklist40 n: DefaultContactAccess=None;Read;Edit;ControlledByParent | DefaultLeadAccess=None;Read;Edit;ReadEditTransfer
picklist40 u: DefaultLocaleSidKey
picklist40 n: DefaultOpportunityAccess=$access | DefaultPricebookAccess=None;Read;ReadSelect
phone40 nu: Fax
int n: FiscalYearStartMonth
textarea32000 nuFS: HomepageHtml
string40 n: InstanceName
boolean d: IsSandbox
picklist40 u: LanguageLocaleKey
datetime n: LastWebToCaseDate | LastWebToLeadDate
double nu: Latitude | Longitude
int n: MonthlyPageViewsEntitlement | MonthlyPageViewsUsed
string80 uN: Name
string15 n: NamespacePrefix
picklist40 n: OrganizationType=Team Edition;Professional Edition;Enterprise Edition;Developer Edition;Personal Edition;Unlimited Edition;Contact Manager Edition;Base Edition
phone40 nu: Phone
string20 nu: PostalCode
boolean ud: PreferencesEventScheduler | PreferencesRequireOpportunityProducts | PreferencesS1BrowserEnabled
boolean ud: PreferencesTerminateOldestSession | PreferencesTransactionSecurityPolicy
string80 nu: PrimaryContact
boolean ud: ReceivesAdminInfoEmails | ReceivesInfoEmails
string2 n: SignupCountryIsoCode
string80 nu: State
textarea255 nu: Street
datetime n: TrialExpirationDate
picklist40 u: TimeZoneSidKey
picklist40 nu: UiSkin=Theme1;Theme2;PortalDefault;Webstore;Theme3
boolean d: UsesStartDateAsFiscalYearName
boolean ud: UsesWebToCase | UsesWebToLead
reference nu: WebToCaseAssignedEmailTemplateId>EmailTemplate:WebToCaseAssignedEmailTemplate
reference nu: WebToCaseCreatedEmailTemplateId>EmailTemplate:WebToCaseCreatedEmailTemplate
reference nu: WebToCaseDefaultCreatorId>User:WebToCaseDefaultCreator
string40 nu: WebToCaseDefaultOrigin
picklist40 nu: GeocodeAccuracy=$accuracy
address nS: Address
boolean ud: PreferencesEmailSenderIdCompliance | PreferencesConsentManagementEnabled | PreferencesAutoSelectIndividualOnMerge
boolean ud: PreferencesLightningLoginEnabled | PreferencesOnlyLLPermUserAllowed
int n: NumKnowledgeService
reference nu: WebToLeadDefaultOwnerId>Group,User:WebToLeadDefaultOwner | WebToLeadDefaultCreatorId>User:WebToLeadDefaultCreator
reference nu: WebToLeadEmailTemplateId>EmailTemplate:WebToLeadEmailTemplate | WebToCaseDefaultOwnerId>Group,User:WebToCaseDefaultOwner
reference nu: WebToCaseEmailTemplateId>EmailTemplate:WebToCaseEmailTemplate
int n: TotalTrustedRequestsLimit | TotalTrustedRequestsUsage
boolean d: IsReadOnly
string255 nu: DelegatedAuthenticationServiceUrl

Group 00G cud +audit
string40 cuN: Name
string80 ncu: DeveloperName
email255 ncu: Email
picklist40 cd: Type=*Regular;Role;Queue;Organization
reference n: RelatedId>UserRole,User:Related
boolean cud: DoesIncludeBosses | DoesSendEmailToMembers

UserRole 00E cud "Role" "Roles"
string80 cuN: Name
string80 ncu: DeveloperName
reference ncu: ParentRoleId>UserRole:ParentRole
datetime d: LastModifiedDate | SystemModstamp

RecordType 012 cu +audit
string80 cuN: Name
string80 cu: DeveloperName
string15 n: NamespacePrefix
string255 ncu: Description
picklist40 c: SobjectType
boolean cud: IsActive

Profile 00e -
string255 N: Name
picklist40 n: UserType
datetime d: CreatedDate | LastModifiedDate | SystemModstamp

PermissionSet 0PS cud +audit
string80 cuN: Name"Permission Set Name"
string80 cu: Label"Permission Set Label"
string255 ncu: Description
boolean d: IsOwnedByProfile | IsCustom
reference n: ProfileId>Profile:Profile | LicenseId>UserLicense:License
string15 n: NamespacePrefix
boolean cud: PermissionsApiEnabled"API Enabled" | PermissionsBulkApiHardDelete"Bulk API Hard Delete"
boolean cud: PermissionsModifyAllData"Modify All Data" | PermissionsViewAllData"View All Data"

PermissionSetAssignment 0Pa cd
reference c: PermissionSetId>PermissionSet:PermissionSet:Assignments:cascade | AssigneeId>User:Assignee:PermissionSetAssignments:cascade
boolean d: IsActive
datetime d: SystemModstamp

FieldPermissions 01k cud "Field Permissions" "Field Permissions"
reference c: ParentId>PermissionSet:Parent:FieldPerms:cascade
picklist40 c: SobjectType"Sobject Type Name"
picklist255 c: Field"Field Name"
boolean cud: PermissionsRead"Read Field" | PermissionsEdit"Edit Field"
datetime d: SystemModstamp

ObjectPermissions 110 cud "Object Permissions" "Object Permissions"
reference c: ParentId>PermissionSet:Parent:ObjectPerms:cascade
picklist40 c: SobjectType"Sobject Type Name"
boolean cud: PermissionsCreate"Create Records" | PermissionsRead"Read Records" | PermissionsEdit"Edit Records"
boolean cud: PermissionsDelete"Delete Records" | PermissionsViewAllRecords"Read All Records" | PermissionsModifyAllRecords"Edit All Records"
datetime d: CreatedDate | LastModifiedDate | SystemModstamp

UserPermissionAccess 000 - "User Permission Access" "User Permission Access"
datetime n: LastCacheUpdate
boolean d: PermissionsApiEnabled"API Enabled" | PermissionsBulkApiHardDelete"Bulk API Hard Delete"
boolean d: PermissionsModifyAllData"Modify All Data" | PermissionsViewAllData"View All Data"
boolean d: PermissionsPrivacyDataAccess"Allow User Access to Privacy Data"

LeadStatus 01J - +audit "Lead Status Value" "Lead Status Value"
string255 n: MasterLabel | ApiName
int n: SortOrder
boolean d: IsDefault | IsConverted

CaseStatus 01J - +audit "Case Status Value" "Case Status Value"
string255 n: MasterLabel | ApiName
int n: SortOrder
boolean d: IsDefault | IsClosed

TaskStatus 01J - +audit "Task Status Value" "Task Status Value"
string255 n: MasterLabel | ApiName
int n: SortOrder
boolean d: IsDefault | IsClosed

OpportunityStage 01J - +audit
string255 n: MasterLabel | ApiName
int n: SortOrder
boolean d: IsActive | IsClosed | IsWon
percent3.0 n: DefaultProbability
string40 n: ForecastCategory | ForecastCategoryName
`

export const tooling = `
CustomField 00N -
string80 -: DeveloperName"Master Label"
string40 n: TableEnumOrId | EntityDefinitionId
string255 n: FullName
string15 n: NamespacePrefix
textarea510 n: InlineHelpText
textarea1000 n: Description
complexvalue nFS: Metadata
int8 n: Length | Precision | Scale
datetime d: CreatedDate | LastModifiedDate | SystemModstamp

PlatformEventChannelMember 0v8 cd
string80 -: DeveloperName
string80 c: EventChannel | SelectedEntity
string255 n: FullName
complexvalue nFS: Metadata
datetime d: CreatedDate | LastModifiedDate | SystemModstamp
`
