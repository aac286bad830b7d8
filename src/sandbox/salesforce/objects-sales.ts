/** Standard fields of Lead and Account. Line format: see parse-object.ts. Salesforce docs: Object Reference. */
export const leadTable = `
Lead|00Q|cudnm|Lead|Leads
Id|id18|di|Lead ID
IsDeleted|boolean|d|Deleted
MasterRecordId|reference18|n|Master Record ID|>Lead:MasterRecord
LastName|string80|cu|Last Name||Name
FirstName|string40|ncu|First Name||Name
Salutation|picklist40|ncu||=Mr.;Ms.;Mrs.;Dr.;Prof.;Mx.|Name
Name|string121|N|Full Name
Title|string128|ncu
Company|string255|cu
Street|textarea255|ncu|||Address
City|string40|ncu|||Address
State|string80|ncu|State/Province||Address
PostalCode|string20|ncu|Zip/Postal Code||Address
Country|string80|ncu|||Address
Latitude|double18.15|ncu|||Address
Longitude|double18.15|ncu|||Address
GeocodeAccuracy|picklist40|ncur|Geocode Accuracy|=Address;NearAddress;Block;Street;ExtendedZip;Zip;Neighborhood;City;County;State;Unknown|Address
Address|address|nS
Phone|phone40|ncu
MobilePhone|phone40|ncu|Mobile Phone
Fax|phone40|ncu
Email|email80|ncui
Website|url255|ncu
PhotoUrl|url255|n|Photo URL
Description|textarea32000|ncuFS
LeadSource|picklist255|ncu|Lead Source|=Web;Phone Inquiry;Partner Referral;Purchased List;Other
Status|picklist255|cud||=*Open - Not Contacted;Working - Contacted;Closed - Converted;Closed - Not Converted
Industry|picklist255|ncu||=Agriculture;Apparel;Banking;Biotechnology;Chemicals;Communications;Construction;Consulting;Education;Electronics;Energy;Engineering;Entertainment;Environmental;Finance;Food & Beverage;Government;Healthcare;Hospitality;Insurance;Machinery;Manufacturing;Media;Not For Profit;Recreation;Retail;Shipping;Technology;Telecommunications;Transportation;Utilities;Other
Rating|picklist255|ncu||=Hot;Warm;Cold
AnnualRevenue|currency18.0|ncu|Annual Revenue
NumberOfEmployees|int8|ncu|Employees
OwnerId|reference18|cud|Owner ID|>Group,User:Owner
IsConverted|boolean|cd|Converted
ConvertedDate|date|n|Converted Date
ConvertedAccountId|reference18|n|Converted Account ID|>Account:ConvertedAccount
ConvertedContactId|reference18|n|Converted Contact ID|>Contact:ConvertedContact
ConvertedOpportunityId|reference18|n|Converted Opportunity ID|>Opportunity:ConvertedOpportunity
IsUnreadByOwner|boolean|cud|Unread By Owner
CreatedDate|datetime|d|Created Date
CreatedById|reference18|d|Created By ID|>User:CreatedBy
LastModifiedDate|datetime|d|Last Modified Date
LastModifiedById|reference18|d|Last Modified By ID|>User:LastModifiedBy
SystemModstamp|datetime|d|System Modstamp
LastActivityDate|date|n|Last Activity
LastViewedDate|datetime|n|Last Viewed Date
LastReferencedDate|datetime|n|Last Referenced Date
Jigsaw|string20|ncu|Data.com Key
JigsawContactId|string20|n|Jigsaw Contact ID
CleanStatus|picklist40|ncur|Clean Status|=Matched;Different;Acknowledged;NotFound;Inactive;Pending;SelectMatch;Skipped
CompanyDunsNumber|string9|ncu|Company D-U-N-S Number
EmailBouncedReason|string255|nu|Email Bounced Reason
EmailBouncedDate|datetime|nu|Email Bounced Date
IndividualId|reference18|ncu|Individual ID|>Individual:Individual:Leads:
HasOptedOutOfEmail|boolean|cud|Email Opt Out
HasOptedOutOfFax|boolean|cud|Fax Opt Out
DoNotCall|boolean|cud|Do Not Call
`

export const accountTable = `
Account|001|cudnm|Account|Accounts
Id|id18|di|Account ID
IsDeleted|boolean|d|Deleted
MasterRecordId|reference18|n|Master Record ID|>Account:MasterRecord
Name|string255|cuN|Account Name
Type|picklist40|ncu|Account Type|=Prospect;Customer - Direct;Customer - Channel;Channel Partner / Reseller;Installation Partner;Technology Partner;Other
ParentId|reference18|ncu|Parent Account ID|>Account:Parent:ChildAccounts:
BillingStreet|textarea255|ncu|Billing Street||BillingAddress
BillingCity|string40|ncu|Billing City||BillingAddress
BillingState|string80|ncu|Billing State/Province||BillingAddress
BillingPostalCode|string20|ncu|Billing Zip/Postal Code||BillingAddress
BillingCountry|string80|ncu|Billing Country||BillingAddress
BillingLatitude|double18.15|ncu|Billing Latitude||BillingAddress
BillingLongitude|double18.15|ncu|Billing Longitude||BillingAddress
BillingGeocodeAccuracy|picklist40|ncur|Billing Geocode Accuracy|=Address;NearAddress;Block;Street;ExtendedZip;Zip;Neighborhood;City;County;State;Unknown|BillingAddress
BillingAddress|address|nS|Billing Address
ShippingStreet|textarea255|ncu|Shipping Street||ShippingAddress
ShippingCity|string40|ncu|Shipping City||ShippingAddress
ShippingState|string80|ncu|Shipping State/Province||ShippingAddress
ShippingPostalCode|string20|ncu|Shipping Zip/Postal Code||ShippingAddress
ShippingCountry|string80|ncu|Shipping Country||ShippingAddress
ShippingLatitude|double18.15|ncu|Shipping Latitude||ShippingAddress
ShippingLongitude|double18.15|ncu|Shipping Longitude||ShippingAddress
ShippingGeocodeAccuracy|picklist40|ncur|Shipping Geocode Accuracy|=Address;NearAddress;Block;Street;ExtendedZip;Zip;Neighborhood;City;County;State;Unknown|ShippingAddress
ShippingAddress|address|nS|Shipping Address
Phone|phone40|ncu|Account Phone
Fax|phone40|ncu|Account Fax
AccountNumber|string40|ncu|Account Number
Website|url255|ncu
PhotoUrl|url255|n|Photo URL
Sic|string20|ncu|SIC Code
Industry|picklist40|ncu||=Agriculture;Apparel;Banking;Biotechnology;Chemicals;Communications;Construction;Consulting;Education;Electronics;Energy;Engineering;Entertainment;Environmental;Finance;Food & Beverage;Government;Healthcare;Hospitality;Insurance;Machinery;Manufacturing;Media;Not For Profit;Recreation;Retail;Shipping;Technology;Telecommunications;Transportation;Utilities;Other
AnnualRevenue|currency18.0|ncu|Annual Revenue
NumberOfEmployees|int8|ncu|Employees
Ownership|picklist40|ncu||=Public;Private;Subsidiary;Other
TickerSymbol|string20|ncu|Ticker Symbol
Description|textarea32000|ncuFS|Account Description
Rating|picklist40|ncu|Account Rating|=Hot;Warm;Cold
Site|string80|ncu|Account Site
OwnerId|reference18|cud|Owner ID|>User:Owner
CreatedDate|datetime|d|Created Date
CreatedById|reference18|d|Created By ID|>User:CreatedBy
LastModifiedDate|datetime|d|Last Modified Date
LastModifiedById|reference18|d|Last Modified By ID|>User:LastModifiedBy
SystemModstamp|datetime|d|System Modstamp
LastActivityDate|date|n|Last Activity
LastViewedDate|datetime|n|Last Viewed Date
LastReferencedDate|datetime|n|Last Referenced Date
IsPartner|boolean|ud|Partner Account
IsCustomerPortal|boolean|ud|Customer Portal Account
Jigsaw|string20|ncu|Data.com Key
JigsawCompanyId|string20|n|Jigsaw Company ID
CleanStatus|picklist40|ncur|Clean Status|=Matched;Different;Acknowledged;NotFound;Inactive;Pending;SelectMatch;Skipped
AccountSource|picklist40|ncu|Account Source|=Web;Phone Inquiry;Partner Referral;Purchased List;Other
DunsNumber|string9|ncu|D-U-N-S Number
Tradestyle|string255|ncu
NaicsCode|string8|ncu|NAICS Code
NaicsDesc|string120|ncu|NAICS Description
YearStarted|string4|ncu|Year Started
SicDesc|string80|ncu|SIC Description
`
