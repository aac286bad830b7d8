/**
 * The association types HubSpot defines, `from to: type` for each direction; `!`: a record has one of that type at most; a label
 * follows in brackets. Source: HubSpot docs, "Associations v4: association type id values". unverified: the two numbers of contacts and invoices.
 */
export const ASSOCIATION_TABLE = `
contacts companies: 279 / 280, 1! [Primary] / 2 [Contact with Primary Company]
contacts deals: 4 / 3
contacts tickets: 15 / 16
contacts communications: 82 / 81
contacts calls: 193 / 194
contacts emails: 197 / 198
contacts meetings: 199 / 200
contacts notes: 201 / 202
contacts tasks: 203 / 204
contacts contacts: 449 / 449
companies deals: 342 / 341, 6 [Deal with Primary Company] / 5! [Primary]
companies tickets: 340 / 339, 25 [Ticket with Primary Company] / 26! [Primary]
companies communications: 88 / 87
companies calls: 181 / 182
companies emails: 185 / 186
companies meetings: 187 / 188
companies notes: 189 / 190
companies tasks: 191 / 192
companies companies: 450 / 450, 13 [Child Company] / 14 [Parent Company]
deals tickets: 27 / 28
deals communications: 86 / 85
deals calls: 205 / 206
deals emails: 209 / 210
deals meetings: 211 / 212
deals notes: 213 / 214
deals tasks: 215 / 216
deals deals: 451 / 451
tickets communications: 84 / 83
tickets calls: 219 / 220
tickets emails: 223 / 224
tickets meetings: 225 / 226
tickets notes: 227 / 228
tickets tasks: 229 / 230
tickets tickets: 452 / 452
calls meetings: 399 / 400
contacts postal_mail: 454 / 453
companies postal_mail: 460 / 459
deals postal_mail: 458 / 457
tickets postal_mail: 456 / 455
contacts feedback_submissions: 97 / 98
tickets feedback_submissions: 99 / 100
contacts quotes: 70 / 69
companies quotes: 72 / 71
deals quotes: 63 / 64
contacts invoices: 178 / 177
contacts orders: 508 / 507
companies orders: 510 / 509
deals orders: 511 / 512
deals line_items: 19 / 20
quotes line_items: 67 / 68
`
