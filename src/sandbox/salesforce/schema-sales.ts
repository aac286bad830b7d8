/** Cases, campaigns, sales, roles. Line format: see parse-object.ts. Salesforce docs: Object Reference. */
export const sales = `
Case 500 cudn +bin +audit +viewed
reference n: MasterRecordId>Case:MasterRecord
string30 diN: CaseNumber
reference ncu: ContactId>Contact:Contact:Cases:restrict | AccountId>Account:Account:Cases:restrict | AssetId>Asset:Asset
reference ncu: ParentId"Parent Case ID">Case:Parent:Cases
string80 ncu: SuppliedName"Name"
email80 ncu: SuppliedEmail"Email Address"
string40 ncu: SuppliedPhone"Phone"
string80 ncu: SuppliedCompany"Company"
picklist40 ncu: Type"Case Type"=Mechanical;Electrical;Electronic;Structural;Other
picklist40 ncud: Status=*New;Working;Escalated;Closed
picklist40 ncu: Reason"Case Reason"=Installation;Equipment Complexity;Performance;Breakdown;Equipment Design;Feedback;Other
picklist40 ncu: Origin"Case Origin"=Phone;Email;Web
string255 ncu: Subject
picklist40 ncud: Priority=High;*Medium;Low
textarea32000 ncuFS: Description
boolean d: IsClosed"Closed"
datetime n: ClosedDate
boolean cud: IsEscalated"Escalated"
reference cud: OwnerId>Group,User:Owner
phone40 n: ContactPhone<ContactId.Phone | ContactMobile<ContactId.MobilePhone | ContactFax<ContactId.Fax
email80 n: ContactEmail<ContactId.Email
textarea4000 ncuF: Comments"Internal Comments"
reference ncuR: RecordTypeId>RecordType:RecordType

CaseComment 00a cudn +bin +audit
textarea4000 ncuFS: CommentBody
boolean cud: IsNotificationSelected | IsPublished
reference c: ParentId>Case:Parent:CaseComments:cascade

Campaign 701 cudn +bin +audit +viewed
currency ncu: ActualCost
currency -: AmountAllOpportunities | AmountWonOpportunities
currency ncu: BudgetedCost
reference ncu: CampaignImageId>ContentDocument:CampaignImage
textarea32000 ncuFS: Description
date ncu: EndDate
percent ncu: ExpectedResponse
currency ncu: ExpectedRevenue
boolean cud: IsActive
date n: LastActivityDate
string80 cuN: Name
int -: NumberOfContacts | NumberOfConvertedLeads | NumberOfLeads | NumberOfOpportunities | NumberOfResponses | NumberOfWonOpportunities
double ncu: NumberSent
reference cud: OwnerId>User:Owner
reference ncu: ParentId>Campaign:Parent:ChildCampaigns
reference ncuR: RecordTypeId>RecordType:RecordType
date ncu: StartDate
picklist255 ncud: Status=*Planned;In Progress;Completed;Aborted
picklist255 ncu: Type=Conference;Webinar;Trade Show;Public Relations;Partners;Referral Program;Advertisement;Banner Ads;Direct Mail;Email;Telemarketing;Other

CampaignMember 00v cudn +bin +audit
reference ncu: AccountId>Account:Account
reference c: CampaignId>Campaign:Campaign:CampaignMembers:cascade
string40 n: City<LeadOrContactId.City/MailingCity
string255 n: CompanyOrAccount<LeadOrContactId.Company/Account.Name
reference nc: ContactId>Contact:Contact:CampaignMembers:cascade
string80 n: Country<LeadOrContactId.Country/MailingCountry
textarea32000 nFS: Description<LeadOrContactId.Description
boolean d: DoNotCall<LeadOrContactId.DoNotCall
email80 n: Email<LeadOrContactId.Email
phone40 n: Fax<LeadOrContactId.Fax
string40 n: FirstName<LeadOrContactId.FirstName
date n: FirstRespondedDate
boolean d: HasOptedOutOfEmail<LeadOrContactId.HasOptedOutOfEmail | HasOptedOutOfFax<LeadOrContactId.HasOptedOutOfFax | HasResponded
string80 n: LastName<LeadOrContactId.LastName
reference nc: LeadId>Lead:Lead:CampaignMembers:cascade
reference n: LeadOrContactId>Account,Contact,Lead:LeadOrContact | LeadOrContactOwnerId<LeadOrContactId.OwnerId>Group,User:LeadOrContactOwner
picklist255 n: LeadSource<LeadOrContactId.LeadSource=Web;Phone Inquiry;Partner Referral;Purchased List;Other
phone40 n: MobilePhone<LeadOrContactId.MobilePhone
string255 nN: Name<LeadOrContactId.Name
phone40 n: Phone<LeadOrContactId.Phone
string20 n: PostalCode<LeadOrContactId.PostalCode/MailingPostalCode
reference ncuR: RecordTypeId>RecordType:RecordType
picklist255 n: Salutation<LeadOrContactId.Salutation=Mr.;Ms.;Mrs.;Dr.;Prof.;Mx.
string80 n: State<LeadOrContactId.State/MailingState
picklist40 ncud: Status=*Sent;Responded
textarea255 n: Street<LeadOrContactId.Street/MailingStreet
string128 n: Title<LeadOrContactId.Title
string40 n: Type

Opportunity 006 cudn +bin +audit +viewed
reference ncu: AccountId>Account:Account:Opportunities:cascade
boolean cud: IsPrivate"Private"
string120 cuiN: Name
textarea32000 ncuFS: Description
picklist255 cu: StageName"Stage"=Prospecting;Qualification;Needs Analysis;Value Proposition;Id. Decision Makers;Perception Analysis;Proposal/Price Quote;Negotiation/Review;Closed Won;Closed Lost
currency18.2 ncu: Amount
percent3.0 ncud: Probability"Probability (%)"
currency18.2 n: ExpectedRevenue"Expected Amount"
double18.2 ncu: TotalOpportunityQuantity"Quantity"
date cu: CloseDate
picklist255 ncu: Type"Opportunity Type"=Existing Customer - Upgrade;Existing Customer - Replacement;Existing Customer - Downgrade;New Customer
string255 ncu: NextStep
picklist255 ncu: LeadSource=Web;Phone Inquiry;Partner Referral;Purchased List;Other
boolean d: IsClosed"Closed" | IsWon"Won"
picklist40 r: ForecastCategory=Omitted;Pipeline;BestCase;MostLikely;Forecast;Closed
picklist255 ncudr: ForecastCategoryName"Forecast Category"=Omitted;Pipeline;Best Case;Commit;Closed
reference ncu: CampaignId>Campaign:Campaign:Opportunities
boolean d: HasOpportunityLineItem"Has Line Item"
reference ncud: Pricebook2Id"Price Book ID">Pricebook2:Pricebook2
reference cud: OwnerId>User:Owner
date n: LastActivityDate"Last Activity"
datetime n: LastStageChangeDate
int8 n: FiscalQuarter | FiscalYear
string6 n: Fiscal"Fiscal Period"
reference nc: ContactId>Contact::Opportunities
boolean dFS: HasOpenActivity | HasOverdueTask
reference n: LastAmountChangedHistoryId"Opportunity History ID">OpportunityHistory:LastAmountChangedHistory
reference n: LastCloseDateChangedHistoryId"Opportunity History ID">OpportunityHistory:LastCloseDateChangedHistory
reference ncuR: RecordTypeId>RecordType:RecordType

OpportunityContactRole 00K cud +bin +audit
reference c: OpportunityId>Opportunity:Opportunity:OpportunityContactRoles:cascade
reference cu: ContactId>Contact:Contact:OpportunityContactRoles:cascade
picklist40 ncu: Role=Business User;Decision Maker;Economic Buyer;Economic Decision Maker;Evaluator;Executive Sponsor;Influencer;Technical Buyer;Other
boolean cud: IsPrimary"Primary"

CampaignMemberStatus 01Y cud +bin +audit
reference c: CampaignId>Campaign:Campaign:CampaignMemberStatuses:cascade
string765 cuN: Label
int8 ncu: SortOrder
boolean cud: HasResponded | IsDefault

Asset 02i cudn +bin +audit +viewed
reference ncu: ContactId>Contact:Contact:Assets:cascade | AccountId>Account:Account:Assets:cascade
reference ncu: ParentId>Asset:Parent:ChildAssets | Product2Id>Product2:Product2:Assets
string255 cuN: Name
string80 ncu: SerialNumber
date ncu: InstallDate | PurchaseDate | UsageEndDate
picklist40 ncu: Status=Shipped;Installed;Registered;Obsolete;Purchased
currency18.2 ncu: Price
double18.2 ncu: Quantity
textarea32000 ncuFS: Description
reference cud: OwnerId>User:Owner

Contract 800 cudn +bin +audit +viewed
string30 dN: ContractNumber
reference cu: AccountId>Account:Account:Contracts:cascade+restrict
reference ncu: CustomerSignedId>Contact:CustomerSigned:ContractsSigned:restrict | CompanySignedId>User:CompanySigned
picklist40 cud: Status=In Approval Process;Activated;*Draft
picklist40 n: StatusCode=*Draft;InApproval;Activated;Terminated;Expired;Rejected
date ncu: StartDate | CustomerSignedDate | CompanySignedDate
date n: EndDate
int8 ncu: ContractTerm
string80 ncu: Name
string40 ncu: CustomerSignedTitle
place: Billing
textarea32000 ncuFS: Description | SpecialTerms
datetime n: ActivatedDate
reference n: ActivatedById>User:ActivatedBy
date n: LastActivityDate
reference cud: OwnerId>User:Owner

Order 801 cudn +bin +audit +viewed
string30 dN: OrderNumber
reference cu: AccountId>Account:Account:Orders:cascade+restrict
reference ncu: ContractId>Contract:Contract:Orders | BillToContactId>Contact:BillToContact::restrict
reference ncu: ShipToContactId>Contact:ShipToContact::restrict | CustomerAuthorizedById>Contact:CustomerAuthorizedBy::restrict
picklist40 cu: Status=Draft;Activated
picklist40 n: StatusCode=*Draft;Activated
date cu: EffectiveDate
date ncu: EndDate
string80 ncu: Name
currency18.2 nd: TotalAmount
place: Billing | Shipping
textarea32000 ncuFS: Description
reference cud: OwnerId>User:Owner

Product2 01t cudn +bin +audit +viewed "Product" "Products"
string255 cuN: Name
string255 ncu: ProductCode
textarea4000 ncuFS: Description
boolean cud: IsActive
picklist255 ncu: Family=None

AccountContactRelation 07k cud +bin +audit @relations
reference c: AccountId>Account:Account:AccountContactRelations:cascade | ContactId>Contact:Contact:AccountContactRelations:cascade
multipicklist4099 ncu: Roles=Business User;Decision Maker;Economic Buyer;Economic Decision Maker;Evaluator;Executive Sponsor;Influencer;Other
boolean d: IsDirect
boolean cud: IsActive
date ncu: StartDate | EndDate

AccountContactRole 02Z cud +bin +audit
reference c: AccountId>Account:Account:AccountContactRoles:cascade
reference cu: ContactId>Contact:Contact:AccountContactRoles:cascade
picklist40 ncu: Role=$roles
boolean cud: IsPrimary"Primary"

CaseContactRole 03j cud +bin +audit
reference c: CasesId>Case:Cases:CaseContactRoles:cascade
reference cu: ContactId>Contact:Contact:CaseContactRoles:cascade
picklist40 ncu: Role=Technical Contact;Business Contact;Decision Maker;Other

ContractContactRole 02a cud +bin +audit
reference c: ContractId>Contract:Contract:ContractContactRoles:cascade
reference cu: ContactId>Contact:Contact:ContractContactRoles:cascade
picklist40 ncu: Role=$roles
boolean cud: IsPrimary"Primary"

DuplicateRecordSet 0GK cd +bin +audit
string255 dN: Name
int n: RecordCount

DuplicateRecordItem 0GL cd +bin +audit
string255 dN: Name
reference c: DuplicateRecordSetId>DuplicateRecordSet:DuplicateRecordSet:DuplicateRecordItems:cascade
reference c: RecordId>Account,Contact,Individual,Lead:Record:DuplicateRecordItems:cascade
`
