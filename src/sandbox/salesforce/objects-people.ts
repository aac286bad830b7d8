/** Standard fields of Contact and Individual. Line format: see parse-object.ts. Salesforce docs: Object Reference. */
export const contactTable = `
Contact|003|cudnm|Contact|Contacts
Id|id18|di|Contact ID
IsDeleted|boolean|d|Deleted
MasterRecordId|reference18|n|Master Record ID|>Contact:MasterRecord
AccountId|reference18|ncu|Account ID|>Account:Account:Contacts:cascade
LastName|string80|cu|Last Name||Name
FirstName|string40|ncu|First Name||Name
Salutation|picklist40|ncu||=Mr.;Ms.;Mrs.;Dr.;Prof.|Name
Name|string121|N|Full Name
OtherStreet|textarea255|ncu|Other Street||OtherAddress
OtherCity|string40|ncu|Other City||OtherAddress
OtherState|string80|ncu|Other State/Province||OtherAddress
OtherPostalCode|string20|ncu|Other Zip/Postal Code||OtherAddress
OtherCountry|string80|ncu|Other Country||OtherAddress
OtherLatitude|double18.15|ncu|Other Latitude||OtherAddress
OtherLongitude|double18.15|ncu|Other Longitude||OtherAddress
OtherGeocodeAccuracy|picklist40|ncur|Other Geocode Accuracy|=Address;NearAddress;Block;Street;ExtendedZip;Zip;Neighborhood;City;County;State;Unknown|OtherAddress
OtherAddress|address|nS|Other Address
MailingStreet|textarea255|ncu|Mailing Street||MailingAddress
MailingCity|string40|ncu|Mailing City||MailingAddress
MailingState|string80|ncu|Mailing State/Province||MailingAddress
MailingPostalCode|string20|ncu|Mailing Zip/Postal Code||MailingAddress
MailingCountry|string80|ncu|Mailing Country||MailingAddress
MailingLatitude|double18.15|ncu|Mailing Latitude||MailingAddress
MailingLongitude|double18.15|ncu|Mailing Longitude||MailingAddress
MailingGeocodeAccuracy|picklist40|ncur|Mailing Geocode Accuracy|=Address;NearAddress;Block;Street;ExtendedZip;Zip;Neighborhood;City;County;State;Unknown|MailingAddress
MailingAddress|address|nS|Mailing Address
Phone|phone40|ncu|Business Phone
Fax|phone40|ncu|Business Fax
MobilePhone|phone40|ncu|Mobile Phone
HomePhone|phone40|ncu|Home Phone
OtherPhone|phone40|ncu|Other Phone
AssistantPhone|phone40|ncu|Asst. Phone
ReportsToId|reference18|ncu|Reports To ID|>Contact:ReportsTo
Email|email80|ncui
Title|string128|ncu
Department|string80|ncu
AssistantName|string40|ncu|Assistant's Name
LeadSource|picklist255|ncu|Lead Source|=Web;Phone Inquiry;Partner Referral;Purchased List;Other
Birthdate|date|ncu
Description|textarea32000|ncuFS|Contact Description
OwnerId|reference18|cud|Owner ID|>User:Owner
CreatedDate|datetime|d|Created Date
CreatedById|reference18|d|Created By ID|>User:CreatedBy
LastModifiedDate|datetime|d|Last Modified Date
LastModifiedById|reference18|d|Last Modified By ID|>User:LastModifiedBy
SystemModstamp|datetime|d|System Modstamp
LastActivityDate|date|n|Last Activity
LastCURequestDate|datetime|n|Last Stay-in-Touch Request Date
LastCUUpdateDate|datetime|n|Last Stay-in-Touch Save Date
LastViewedDate|datetime|n|Last Viewed Date
LastReferencedDate|datetime|n|Last Referenced Date
EmailBouncedReason|string255|ncu|Email Bounced Reason
EmailBouncedDate|datetime|ncu|Email Bounced Date
IsEmailBounced|boolean|d|Is Email Bounced
PhotoUrl|url255|n|Photo URL
Jigsaw|string20|ncu|Data.com Key
JigsawContactId|string20|n|Jigsaw Contact ID
CleanStatus|picklist40|ncur|Clean Status|=Matched;Different;Acknowledged;NotFound;Inactive;Pending;SelectMatch;Skipped
IndividualId|reference18|ncu|Individual ID|>Individual:Individual:Contacts:
DoNotCall|boolean|cud|Do Not Call
HasOptedOutOfEmail|boolean|cud|Email Opt Out
HasOptedOutOfFax|boolean|cud|Fax Opt Out
`

export const individualTable = `
Individual|0PK|cudnm|Individual|Individuals
Id|id18|di
IsDeleted|boolean|d
BirthDate|date|ncu
CanStorePiiElsewhere|boolean|cud
ChildrenCount|int|ncu
ConsumerCreditScore|int|ncu
ConsumerCreditScoreProviderName|string255|ncu
ConvictionsCount|int|ncu
DeathDate|date|ncu
FirstName|string40|ncu
HasOptedOutGeoTracking|boolean|cud
HasOptedOutProcessing|boolean|cud
HasOptedOutProfiling|boolean|cud
HasOptedOutSolicit|boolean|cud
HasOptedOutTracking|boolean|cud
IndividualsAge|picklist255|ncu||=13 or Older;16 or Older
InfluencerRating|int|ncu
IsHomeOwner|boolean|cud
LastName|string80|cu
MasterRecordId|reference18|n||>Individual:MasterRecord
MilitaryService|picklist255|ncu||=Unknown;Yes;No
Name|string121|N
Occupation|string150|ncu
OwnerId|reference18|cud||>User:Owner
Salutation|picklist40|ncu||=Mr.;Ms.;Mrs.;Dr.;Prof.;Mx.
SendIndividualData|boolean|cud
ShouldForget|boolean|cud
Website|url255|ncu
CreatedDate|datetime|d
CreatedById|reference18|d||>User:CreatedBy
LastModifiedDate|datetime|d
LastModifiedById|reference18|d||>User:LastModifiedBy
SystemModstamp|datetime|d
LastViewedDate|datetime|n
`
