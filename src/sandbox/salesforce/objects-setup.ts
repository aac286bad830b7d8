/** Users, the organization, permissions and (Tooling only) custom fields. Line format: see parse-object.ts. Salesforce docs: Object Reference, Tooling API. */
export const userTable = `
User|005|cu|User|Users
Id|id18|di
AccountId|reference18|n||>Account:Account
Alias|string8|cu
City|string40|ncu
CommunityNickname|string40|cu
CompanyName|string80|ncu
ContactId|reference18|ncu||>Contact:Contact
Country|string80|ncu
Department|string80|ncu
Email|email128|cu
EmailEncodingKey|picklist40|cu
EmployeeNumber|string20|ncu
FederationIdentifier|string512|ncu
FirstName|string40|ncu
IndividualId|reference18|ncu||>Individual:Individual
IsActive|boolean|cud
LanguageLocaleKey|picklist40|cu
LastLoginDate|datetime|n
LastName|string80|cu
LocaleSidKey|picklist40|cu
ManagerId|reference18|ncu||>User:Manager
MobilePhone|phone40|ncu
Name|string121|N
Phone|phone40|ncu
PostalCode|string20|ncu
ProfileId|reference18|cu||>Profile:Profile
State|string80|ncu
Street|textarea255|ncu
TimeZoneSidKey|picklist40|cu
Title|string80|ncu
UserRoleId|reference18|ncu||>UserRole:UserRole
UserType|picklist40|n||=Standard;PowerPartner;PowerCustomerSuccess;CustomerSuccess;Guest;CspLitePortal;CsnOnly;SelfService
Username|string80|cu
CreatedDate|datetime|d
CreatedById|reference18|d||>User:CreatedBy
LastModifiedDate|datetime|d
LastModifiedById|reference18|d||>User:LastModifiedBy
SystemModstamp|datetime|d
`

export const organizationTable = `
Organization|00D|u|Organization|Organizations
Id|id18|di
City|string40|nu
Country|string80|n
DefaultLocaleSidKey|picklist40|u
Fax|phone40|nu
FiscalYearStartMonth|int|n
InstanceName|string40|n
IsSandbox|boolean|d
LanguageLocaleKey|picklist40|u
Name|string80|uN
NamespacePrefix|string15|n
OrganizationType|picklist40|n||=Team Edition;Professional Edition;Enterprise Edition;Developer Edition;Personal Edition;Unlimited Edition;Contact Manager Edition;Base Edition
Phone|phone40|nu
PostalCode|string20|nu
PrimaryContact|string80|nu
State|string80|nu
Street|textarea255|nu
TrialExpirationDate|datetime|n
TimeZoneSidKey|picklist40|u
PreferencesConsentManagementEnabled|boolean|ud
PreferencesAutoSelectIndividualOnMerge|boolean|ud
IsReadOnly|boolean|d
CreatedDate|datetime|d
CreatedById|reference18|d||>User:CreatedBy
LastModifiedDate|datetime|d
LastModifiedById|reference18|d||>User:LastModifiedBy
SystemModstamp|datetime|d
`

export const permissionTables = `
Profile|00e||Profile|Profiles
Id|id18|di|Profile ID
Name|string255||||
UserType|picklist40|n
CreatedDate|datetime|d
LastModifiedDate|datetime|d
SystemModstamp|datetime|d

PermissionSet|0PS|cud|Permission Set|Permission Sets
Id|id18|di|PermissionSet ID
Name|string80|cu|Permission Set Name
Label|string80|cu|Permission Set Label
Description|string255|ncu
IsOwnedByProfile|boolean|d|Is Owned By Profile
IsCustom|boolean|d|Is Custom
ProfileId|reference18|n|Profile ID|>Profile:Profile
LicenseId|reference18|n|License ID|>UserLicense:License
NamespacePrefix|string15|n
PermissionsApiEnabled|boolean|cud|API Enabled
PermissionsBulkApiHardDelete|boolean|cud|Bulk API Hard Delete
PermissionsModifyAllData|boolean|cud|Modify All Data
PermissionsViewAllData|boolean|cud|View All Data
CreatedDate|datetime|d
CreatedById|reference18|d||>User:CreatedBy
LastModifiedDate|datetime|d
LastModifiedById|reference18|d||>User:LastModifiedBy
SystemModstamp|datetime|d

PermissionSetAssignment|0Pa|cd|Permission Set Assignment|Permission Set Assignments
Id|id18|di|PermissionSetAssignment ID
PermissionSetId|reference18|c|PermissionSet ID|>PermissionSet:PermissionSet:Assignments:cascade
AssigneeId|reference18|c|Assignee ID|>User:Assignee:PermissionSetAssignments:cascade
IsActive|boolean|d|Is Active
SystemModstamp|datetime|d

FieldPermissions|01k|cud|Field Permissions|Field Permissions
Id|id18|di|Field Permissions ID
ParentId|reference18|c|Parent ID|>PermissionSet:Parent:FieldPerms:cascade
SobjectType|picklist40|c|Sobject Type Name
Field|picklist255|c|Field Name
PermissionsRead|boolean|cud|Read Field
PermissionsEdit|boolean|cud|Edit Field
SystemModstamp|datetime|d

ObjectPermissions|110|cud|Object Permissions|Object Permissions
Id|id18|di|ObjectPermissions ID
ParentId|reference18|c|Parent ID|>PermissionSet:Parent:ObjectPerms:cascade
SobjectType|picklist40|c|Sobject Type Name
PermissionsCreate|boolean|cud|Create Records
PermissionsRead|boolean|cud|Read Records
PermissionsEdit|boolean|cud|Edit Records
PermissionsDelete|boolean|cud|Delete Records
PermissionsViewAllRecords|boolean|cud|Read All Records
PermissionsModifyAllRecords|boolean|cud|Edit All Records
CreatedDate|datetime|d
LastModifiedDate|datetime|d
SystemModstamp|datetime|d

UserPermissionAccess|000||User Permission Access|User Permission Access
Id|id18|di|UserPermissionAccess ID
LastCacheUpdate|datetime|n
PermissionsApiEnabled|boolean|d|API Enabled
PermissionsBulkApiHardDelete|boolean|d|Bulk API Hard Delete
PermissionsModifyAllData|boolean|d|Modify All Data
PermissionsViewAllData|boolean|d|View All Data
PermissionsPrivacyDataAccess|boolean|d|Allow User Access to Privacy Data
`

/** Queried under /tooling only. */
export const toolingTables = `
CustomField|00N||Custom Field|Custom Fields
Id|id18|di|Custom Field Definition ID
DeveloperName|string80||Master Label
TableEnumOrId|string40|n|Entity Enumeration Or ID
EntityDefinitionId|string40|n
FullName|string255|n
NamespacePrefix|string15|n
InlineHelpText|textarea510|n
Description|textarea1000|n
Metadata|complexvalue|nFS
Length|int8|n
Precision|int8|n
Scale|int8|n
CreatedDate|datetime|d
LastModifiedDate|datetime|d
SystemModstamp|datetime|d
`
