/** Objects around a sale, and answers to surveys. Source: HubSpot docs, page of each object. Same format as the contact table. */
export const SALES_TABLES: Record<string, { table: string; options: string }> = {
  products: {
    table: `
product string text f: name hs_sku hs_url hs_images hs_product_type hs_folder
product string textarea f: description
product number number f: price hs_cost_of_goods_sold tax
product enumeration radio f: recurringbillingfrequency
product datetime date r: createdate
`,
    options: 'recurringbillingfrequency: weekly|biweekly|monthly|quarterly|per_six_months|annually',
  },
  line_items: {
    table: `
line_item string text f: name hs_sku hs_product_id hs_line_item_currency_code
line_item string textarea f: description
line_item number number f: price quantity discount hs_discount_percentage tax
line_item number number cr: amount hs_acv hs_arr hs_mrr hs_tcv hs_margin
line_item enumeration radio f: recurringbillingfrequency
line_item datetime date r: createdate
`,
    options: 'recurringbillingfrequency: weekly|biweekly|monthly|quarterly|per_six_months|annually',
  },
  quotes: {
    table: `
quote string text f: hs_title hs_language hs_currency hs_sender_company_name hs_sender_company_domain hs_sender_email hs_sender_firstname
  hs_sender_lastname hs_sender_phone hs_sender_jobtitle hs_recipient_company_name hs_domain hs_slug
quote string textarea f: hs_terms hs_comments
quote string text r: hs_public_url_key hs_quote_link hs_pdf_download_link hs_quote_number
quote enumeration select f: hs_status hs_esign_enabled
quote datetime date f: hs_expiration_date
quote number number cr: hs_quote_amount
`,
    options: 'hs_status: DRAFT|APPROVAL_NOT_NEEDED|PENDING_APPROVAL|APPROVED|REJECTED\nhs_esign_enabled: true|false',
  },
  // unverified: which of these HubSpot lets nobody write, and whether other values of the status exist.
  invoices: {
    table: `
invoice string text f: hs_number hs_title hs_currency hs_language hs_purchase_order_number hs_recipient_company_name hs_recipient_shipping_address
  hs_invoice_latest_contact_email hs_invoice_latest_contact_firstname hs_invoice_latest_contact_lastname
invoice string textarea f: hs_comments
invoice string text r: hs_invoice_link hs_pdf_download_link
invoice enumeration select f: hs_invoice_status hs_invoice_billable
invoice datetime date f: hs_invoice_date hs_due_date hs_payment_date
invoice number number cr: hs_amount_billed hs_amount_paid hs_balance_due hs_subtotal hs_discounts_total hs_taxes_total hs_fees_total
`,
    options: 'hs_invoice_status: draft|open|paid|voided\nhs_invoice_billable: true|false',
  },
  orders: {
    table: `
order string text f: hs_order_name hs_currency_code hs_source_store hs_external_order_id hs_external_order_status hs_external_order_url hs_tags
  hs_fulfillment_status hs_payment_status hs_shipping_tracking_number hs_billing_address_name hs_billing_address_email hs_billing_address_phone
  hs_billing_address_street hs_billing_address_city hs_billing_address_postal_code hs_billing_address_country hs_shipping_address_name
  hs_shipping_address_email hs_shipping_address_phone hs_shipping_address_street hs_shipping_address_city hs_shipping_address_postal_code
  hs_shipping_address_country
order string textarea f: hs_order_note
order enumeration select f: hs_pipeline hs_pipeline_stage
order datetime date f: hs_external_created_date hs_processed_date
order number number f: hs_total_price hs_subtotal_price hs_order_discount hs_shipping_cost hs_tax
`,
    options: '',
  },
  leads: {
    table: `
lead string text f: hs_lead_name
lead enumeration select f: hs_lead_type hs_lead_label hs_pipeline hs_pipeline_stage
lead string text r: hs_associated_contact_email hs_associated_contact_firstname hs_associated_contact_lastname hs_associated_company_name
lead datetime date r: hs_last_modified_date_with_associations
`,
    options: 'hs_lead_type: NEW_BUSINESS|RE_ATTEMPTING|UPSELL\nhs_lead_label: HOT|WARM|COLD',
  },
  feedback_submissions: {
    table: `
feedback_submission string textarea f: hs_content
feedback_submission string text f: hs_survey_id hs_survey_name hs_ingestion_id hs_contact_email_rollup hs_visitor_id hs_form_guid
feedback_submission enumeration select f: hs_survey_type hs_survey_channel hs_response_group hs_sentiment
feedback_submission number number f: hs_value
feedback_submission datetime date f: hs_submission_timestamp
`,
    options: 'hs_survey_type: NPS|CSAT|CES|CUSTOM\nhs_survey_channel: EMAIL|WEB|CHAT|WHATSAPP|SMS\nhs_sentiment: positive|neutral|negative',
  },
}
