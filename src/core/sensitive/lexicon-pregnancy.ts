/** Pregnancy and birth: health as well (GDPR art. 4(15), 9). */
import type { Rule } from './pattern.ts'

export const pregnancy: readonly Rule[] = [
  {
    words:
      'est|etait|elle|mme|madame|femme|cliente|epouse|compagne|assistante|fille|tombe|tombee|doute|peut_enceinte semble|parait|serait|probablement|surement_enceinte peut_etre_enceinte enceinte_mois enceinte_jumeaux',
    unlessAfter: 'bluetooth acoustique',
  },
  { words: 'pregnant', unlessAfter: 'pause~s silence~s', unlessNear: '@trade coussin vetement~s pillow wear clothing' },
  {
    words: 'grossesse~s pregnancy',
    unlessBefore: 'for',
    unlessNear: '@trade coussin vetement~s pillow wear clothing cover covers covered coverage couvre couvert couverte forfait~s',
  },
  {
    words:
      'fausse~s_couche~s miscarriage~s miscarried IVG abortion avortement vient|venait|va|allait|veut|voulait|doit|souhaite_avorter elle|a|ete_avorte~,e,ee fecondation_in_vitro had|by_c_section stillbirth',
  },
  { words: 'perd|perdu|perte_bebe lost|losing_baby', unlessAfter: 'monitor~s wipes shower food gear phone nageur' },
  { words: 'conge~s_maternite|mat conge~s_pathologique maternity_leave|cover|pay mat_leave alite~,s,e,es,ee,ees' },
  { words: 'had|having_twins', unlessAfter: 'bed~s bedroom~s room~s cabin~s' },
  { words: 'PMA FIV IVF fiv ivf', unlessNear: 'file~s format fichier~s export import @trade' },
  {
    words: 'attend|attendent|expecting_bebe|enfant|jumeaux|baby|twins|child attend_heureux_evenement',
    unlessNear: 'livraison commande',
  },
  {
    words: 'is|she_expecting',
    unlessAfter: 'a an it us you me your our my his their more some this that new good to',
    unlessNear:
      'call~s callback reply quote~s delivery deliveries report~s invoice~s shipment~s answer~s update~s email~s contract~s proposal~s refund~s replacement~s news decision~s growth payment~s order~s',
  },
  {
    words:
      'accouch~e,er,era,ement,ee|accouche_le|en|bientot|avril|mai due_in_january|february|march|april|may|june|july|august|september|october|november|december gave_birth having_baby',
    needs: 'personOrStart',
    unlessNear: 'payment invoice renewal delivery report',
  },
]
