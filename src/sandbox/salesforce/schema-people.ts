/** People and companies. Line format: see parse-object.ts. Salesforce docs: Object Reference. */
export const people = `
Contact 003 cudnm +bin +audit +viewed
reference n: MasterRecordId>Contact:MasterRecord
reference ncu: AccountId>Account:Account:Contacts:cascade
string80 cu: LastName
string40 ncu: FirstName
picklist40 ncu: Salutation=Mr.;Ms.;Mrs.;Dr.;Prof.
string121 N: Name"Full Name"
place: Other | Mailing
phone40 ncu: Phone"Business Phone" | Fax"Business Fax" | MobilePhone | HomePhone | OtherPhone | AssistantPhone"Asst. Phone"
reference ncu: ReportsToId>Contact:ReportsTo
email80 ncui: Email
string128 ncu: Title
string80 ncu: Department
string40 ncu: AssistantName"Assistant's Name"
picklist255 ncu: LeadSource=Web;Phone Inquiry;Partner Referral;Purchased List;Other
date ncu: Birthdate
textarea32000 ncuFS: Description"Contact Description"
reference cud: OwnerId>User:Owner
date n: LastActivityDate"Last Activity"
datetime n: LastCURequestDate"Last Stay-in-Touch Request Date" | LastCUUpdateDate"Last Stay-in-Touch Save Date"
string255 ncu: EmailBouncedReason
datetime ncu: EmailBouncedDate
boolean d: IsEmailBounced
url255 n: PhotoUrl"Photo URL"
string20 ncu: Jigsaw"Data.com Key"
string20 n: JigsawContactId
picklist40 ncur: CleanStatus=$clean
reference ncuD: IndividualId>Individual:Individual:Contacts
boolean cud: DoNotCall | HasOptedOutOfEmail"Email Opt Out" | HasOptedOutOfFax"Fax Opt Out"
boolean dP: IsPersonAccount<AccountId.IsPersonAccount
reference ncuR: RecordTypeId>RecordType:RecordType

Lead 00Q cudnm +bin +audit +viewed
reference n: MasterRecordId>Lead:MasterRecord
string80 cu: LastName
string40 ncu: FirstName
picklist40 ncu: Salutation=Mr.;Ms.;Mrs.;Dr.;Prof.;Mx.
string121 N: Name"Full Name"
string128 ncu: Title
string255 cu: Company
place: -
phone40 ncu: Phone | MobilePhone | Fax
email80 ncui: Email
url255 ncu: Website
url255 n: PhotoUrl"Photo URL"
textarea32000 ncuFS: Description
picklist255 ncu: LeadSource=Web;Phone Inquiry;Partner Referral;Purchased List;Other
picklist255 cud: Status=*Open - Not Contacted;Working - Contacted;Closed - Converted;Closed - Not Converted
picklist255 ncu: Industry=$industry | Rating=Hot;Warm;Cold
currency18.0 ncu: AnnualRevenue
int8 ncu: NumberOfEmployees"Employees"
reference cud: OwnerId>Group,User:Owner
boolean cd: IsConverted"Converted"
date n: ConvertedDate
reference n: ConvertedAccountId>Account:ConvertedAccount | ConvertedContactId>Contact:ConvertedContact
reference n: ConvertedOpportunityId>Opportunity:ConvertedOpportunity
boolean cud: IsUnreadByOwner"Unread By Owner"
date n: LastActivityDate"Last Activity"
string20 ncu: Jigsaw"Data.com Key"
string20 n: JigsawContactId
picklist40 ncur: CleanStatus=$clean
string9 ncu: CompanyDunsNumber"Company D-U-N-S Number"
reference ncu: DandbCompanyId"D&B Company ID">DandBCompany:DandbCompany
string255 nu: EmailBouncedReason
datetime nu: EmailBouncedDate
reference ncuD: IndividualId>Individual:Individual:Leads
boolean cud: HasOptedOutOfEmail"Email Opt Out" | HasOptedOutOfFax"Fax Opt Out"
reference ncuR: RecordTypeId>RecordType:RecordType
boolean cud: DoNotCall

Account 001 cudnm +bin +audit +viewed
reference n: MasterRecordId>Account:MasterRecord
string255 cuN: Name"Account Name"
picklist40 ncu: Type"Account Type"=Prospect;Customer - Direct;Customer - Channel;Channel Partner / Reseller;Installation Partner;Technology Partner;Other
reference ncuR: RecordTypeId>RecordType:RecordType
reference ncu: ParentId"Parent Account ID">Account:Parent:ChildAccounts
place: Billing | Shipping
phone40 ncu: Phone"Account Phone" | Fax"Account Fax"
string40 ncu: AccountNumber
url255 ncu: Website
url255 n: PhotoUrl"Photo URL"
string20 ncu: Sic"SIC Code"
picklist40 ncu: Industry=$industry
currency18.0 ncu: AnnualRevenue
int8 ncu: NumberOfEmployees"Employees"
picklist40 ncu: Ownership=Public;Private;Subsidiary;Other
string20 ncu: TickerSymbol
textarea32000 ncuFS: Description"Account Description"
picklist40 ncu: Rating"Account Rating"=Hot;Warm;Cold
string80 ncu: Site"Account Site"
reference cud: OwnerId>User:Owner
date n: LastActivityDate"Last Activity"
boolean ud: IsPartner"Partner Account" | IsCustomerPortal"Customer Portal Account"
string255 nFS: ChannelProgramName | ChannelProgramLevelName
string20 ncu: Jigsaw"Data.com Key"
string20 n: JigsawCompanyId
picklist40 ncur: CleanStatus=$clean
picklist40 ncu: AccountSource=Web;Phone Inquiry;Partner Referral;Purchased List;Other
string9 ncu: DunsNumber"D-U-N-S Number"
string255 ncu: Tradestyle
string8 ncu: NaicsCode"NAICS Code"
string120 ncu: NaicsDesc"NAICS Description"
string4 ncu: YearStarted
string80 ncu: SicDesc"SIC Description"
reference ncu: DandbCompanyId"D&B Company ID">DandBCompany:DandbCompany
reference ncu: OperatingHoursId"Operating Hour ID">OperatingHours:OperatingHours
string80 ncuP: LastName
string40 ncuNP: FirstName
picklist40 ncuP: Salutation=Mr.;Ms.;Mrs.;Dr.;Prof.;Mx.
reference nP: PersonContactId"Contact ID">Contact:PersonContact
boolean dP: IsPersonAccount
person: MailingStreet | MailingCity | MailingState | MailingPostalCode | MailingCountry | MailingLatitude | MailingLongitude
person: MailingGeocodeAccuracy | MailingAddress | OtherStreet | OtherCity | OtherState | OtherPostalCode | OtherCountry | OtherLatitude
person: OtherLongitude | OtherGeocodeAccuracy | OtherAddress | MobilePhone | HomePhone | OtherPhone | AssistantPhone | Email | Title
person: Department | AssistantName | LeadSource | Birthdate | HasOptedOutOfEmail | HasOptedOutOfFax | DoNotCall | LastCURequestDate
person: LastCUUpdateDate | EmailBouncedReason | EmailBouncedDate | IndividualId

Individual 0PK cudnm @privacy +bin +audit
date ncu: BirthDate
boolean cud: CanStorePiiElsewhere
int ncu: ChildrenCount | ConsumerCreditScore
string255 ncu: ConsumerCreditScoreProviderName
int ncu: ConvictionsCount
date ncu: DeathDate
string40 ncu: FirstName
boolean cud: HasOptedOutGeoTracking | HasOptedOutProcessing | HasOptedOutProfiling | HasOptedOutSolicit | HasOptedOutTracking
picklist255 ncu: IndividualsAge=13 or Older;16 or Older
int ncu: InfluencerRating
boolean cud: IsHomeOwner
string80 cu: LastName
reference n: MasterRecordId>Individual:MasterRecord
picklist255 ncu: MilitaryService=Unknown;Yes;No
string121 N: Name
string150 ncu: Occupation
reference cud: OwnerId>User:Owner
picklist40 ncu: Salutation=Mr.;Ms.;Mrs.;Dr.;Prof.;Mx.
boolean cud: SendIndividualData | ShouldForget
url255 ncu: Website
datetime n: LastViewedDate
`
