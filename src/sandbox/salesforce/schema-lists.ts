/** Values and targets that several fields share, by the name the tables give after `$`. Salesforce docs: Object Reference. */
export const VALUE_LISTS: Readonly<Record<string, string>> = {
  accuracy: 'Address;NearAddress;Block;Street;ExtendedZip;Zip;Neighborhood;City;County;State;Unknown',
  clean: 'Matched;Different;Acknowledged;NotFound;Inactive;Pending;SelectMatch;Skipped',
  industry:
    'Agriculture;Apparel;Banking;Biotechnology;Chemicals;Communications;Construction;Consulting;Education;Electronics;Energy;Engineering;Entertainment;Environmental;Finance;Food & Beverage;Government;Healthcare;Hospitality;Insurance;Machinery;Manufacturing;Media;Not For Profit;Recreation;Retail;Shipping;Technology;Telecommunications;Transportation;Utilities;Other',
  months: 'January;February;March;April;May;June;July;August;September;October;November;December',
  recurrence: 'RecursDaily;RecursEveryWeekday;RecursMonthly;RecursMonthlyNth;RecursWeekly;RecursYearly;RecursYearlyNth',
  access: 'None;Read;Edit;ControlledByLeadOrContact;ControlledByCampaign',
  // unverified: which of them a consent gets when the call names none.
  consent: '*NotSeen;Seen;OptIn;OptOut;OptInPending;OptOutPending',
  points: 'Email;Phone;Web;Social;MailingAddress;InPerson;Video',
  usage: 'Home;Work;Temporary;Inactive',
  roles: 'Business User;Decision Maker;Economic Buyer;Economic Decision Maker;Evaluator;Executive Sponsor;Influencer;Technical Buyer;Other',
}

const CONSENT = 'CommSubscription,CommSubscriptionChannelType,CommSubscriptionConsent,CommSubscriptionTiming,EngagementChannelType'
const PERSONS = 'Account,Contact,Lead'
const BUSINESS = 'Asset,Campaign,Case,Contract,Opportunity,Order,Product2'

export const TARGET_LISTS: Readonly<Record<string, string>> = {
  related: 'Account,Asset,Campaign,Case,CommSubscriptionConsent,Contract,Opportunity,Order,PartyConsent,Product2',
  noted: `${PERSONS},Asset,Contract,Opportunity,Order,Product2,${CONSENT}`,
  attached: `${PERSONS},${BUSINESS},EmailMessage,Event,Task,${CONSENT}`,
  linked: `${PERSONS},${BUSINESS},AuthorizationFormText,EmailMessage,Event,Group,Organization,PartyConsent,Task,User,${CONSENT}`,
  fed: `${PERSONS},${BUSINESS},AuthorizationFormText,ContentDocument,Event,PartyConsent,Task,User,${CONSENT}`,
}
