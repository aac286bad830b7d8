/** Field history, one object for each tracked one. The key prefix is shared, as in an org. Line format: see parse-object.ts. Salesforce docs: Object Reference. */
export const history = `
AccountHistory 017 - +bin
reference n: AccountId>Account:Account:Histories:cascade
picklist255 n: Field | DataType=Text;EnumOrId
string255 nFS: OldValue | NewValue
datetime d: CreatedDate
reference d: CreatedById>User:CreatedBy

ContactHistory 017 - +bin
reference n: ContactId>Contact:Contact:Histories:cascade
picklist255 n: Field | DataType=Text;EnumOrId
string255 nFS: OldValue | NewValue
datetime d: CreatedDate
reference d: CreatedById>User:CreatedBy

LeadHistory 017 - +bin
reference n: LeadId>Lead:Lead:Histories:cascade
picklist255 n: Field | DataType=Text;EnumOrId
string255 nFS: OldValue | NewValue
datetime d: CreatedDate
reference d: CreatedById>User:CreatedBy

CaseHistory 017 - +bin
reference n: CaseId>Case:Case:Histories:cascade
picklist255 n: Field | DataType=Text;EnumOrId
string255 nFS: OldValue | NewValue
datetime d: CreatedDate
reference d: CreatedById>User:CreatedBy

IndividualHistory 017 - +bin
reference n: IndividualId>Individual:Individual:Histories:cascade
picklist255 n: Field | DataType=Text;EnumOrId
string255 nFS: OldValue | NewValue
datetime d: CreatedDate
reference d: CreatedById>User:CreatedBy

OpportunityFieldHistory 017 - +bin
reference n: OpportunityId>Opportunity:Opportunity:Histories:cascade
picklist255 n: Field | DataType=Text;EnumOrId
string255 nFS: OldValue | NewValue
datetime d: CreatedDate
reference d: CreatedById>User:CreatedBy
`
