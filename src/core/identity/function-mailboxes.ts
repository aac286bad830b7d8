/**
 * Local parts that name a function, in French and English: whoever reads such a mailbox, it is not one person, so it links nobody. The policy's own
 * list (audiences) comes on top; this one only keeps people apart, and allows nothing.
 */

const names = `
accueil achat achats admin administrateur administration administratif adv agence agenda alerte alertes assistance assistante assistant association asso
atelier audit billing board booking bonjour boutique bureau cabinet caisse candidature candidatures careers carrieres cdi centre
clients client clientele clinique club co comite comm comms commande commandes commercial commerciaux communication compta comptabilite comptable
comptes concierge conseil contact contacts contrat contrats cpe creche cse customer customers customerservice daf dafi data dev
developpement devis dg direction directeur directrice dirigeant dircom dpo drh dsi ecole editor education email emails emploi enquiries enquiry
equipe etudes event events evenement evenements expedition export fab fabrication facturation factures facture finance finances
foyer general gerance gerant gestion gite gites greffe hebergement hello help helpdesk home hotel hr import info infos information informations
informatique inscription inscriptions institut intendance invoice invoices it job jobs juridique lab labo laboratoire legal lead leads livraison livraisons
logistique logistics magasin mail mailbox maintenance maire mairie maison management manager marketing media mediation
medical methodes monitoring mutuelle news newsletter noreply no-reply ne-pas-repondre nepasrepondre donotreply office officemanager operations ops order
orders paie partenaires partenariat partenariats partners partnership pharmacie permanence personnel planning postmaster poste prefecture presidence
president presse press prestations privacy prod production projet projets promotion proviseur publicite purchasing qhse qualite quality
question questions rdv reception recouvrement recrutement recruitment redaction reclamation reclamations renseignement renseignements
reservation reservations residence restaurant restauration resources responsable retours returns rgpd rh rsvp sales salon sante sav sc scolarite
secretaire secretariat securite security service services serviceclient serviceclients service-client service-clients shop showroom
siege social societe stage stages standard stock store studio support syndic syndicat tech technical technique team tourisme tresorerie tresorier travaux
urbanisme usine vente ventes vie-scolaire viescolaire ville voyages web webmaster webmestre welcome wholesale work
`

/** Whole local parts, without a plus tag, in lower case. */
export const functionNames: ReadonlySet<string> = new Set(names.trim().split(/\s+/))
