/** Domains at which anybody can open a mailbox: an address there does not make its holder a professional. */

const domains = `
gmail.com googlemail.com hotmail.com hotmail.fr hotmail.be hotmail.ch hotmail.de hotmail.es hotmail.it hotmail.nl hotmail.co.uk
outlook.com outlook.fr outlook.be outlook.de outlook.es outlook.it outlook.pt outlook.ie outlook.at outlook.dk live.com live.fr live.be
live.de live.it live.nl live.co.uk live.ie live.se live.dk live.at live.ca msn.com passport.com windowslive.com
yahoo.com yahoo.fr yahoo.de yahoo.es yahoo.it yahoo.co.uk yahoo.ie yahoo.be yahoo.nl yahoo.pt yahoo.ro yahoo.gr yahoo.pl yahoo.ca
yahoo.co.in yahoo.co.jp yahoo.com.br ymail.com rocketmail.com aol.com aol.fr aol.de aol.it aol.co.uk aim.com
orange.fr wanadoo.fr laposte.net free.fr sfr.fr neuf.fr cegetel.net club-internet.fr numericable.fr numericable.com noos.fr bbox.fr
aliceadsl.fr alice.fr voila.fr caramail.com caramail.fr dbmail.com tiscali.fr libertysurf.fr freesbee.fr 9online.fr 9business.fr
9telecom.net infonie.fr tele2.fr dartybox.com gmail.fr orange.be only.fr izi.re lagoon.nc mediaserv.net
nordnet.fr ovh.fr mailo.com netcourrier.com francite.com red-by-sfr.fr akeonet.com wibox.fr ozone.net
gmx.com gmx.de gmx.net gmx.fr gmx.at gmx.ch gmx.es gmx.co.uk web.de t-online.de freenet.de arcor.de posteo.de posteo.net mailbox.org
email.de mail.de online.de 1und1.de vodafone.de libero.it tiscali.it virgilio.it alice.it tin.it tim.it fastwebnet.it inwind.it iol.it
email.it poste.it telefonica.net terra.es ono.com movistar.es jazztel.es orange.es wanadoo.es euskaltel.net sapo.pt clix.pt netcabo.pt iol.pt mail.telepac.pt
pt.lu internet.lu vo.lu zonnet.nl quicknet.nl tele2.nl versatel.nl pandora.be brutele.be swing.be tvcablenet.be skynet.be telenet.be proximus.be voo.be scarlet.be belgacom.net base.be bluewin.ch swissonline.ch hispeed.ch sunrise.ch ziggo.nl kpnmail.nl planet.nl
xs4all.nl hetnet.nl home.nl casema.nl chello.nl upcmail.nl chello.at aon.at btinternet.com talktalk.net sky.com virginmedia.com
ntlworld.com blueyonder.co.uk tiscali.co.uk eircom.net wp.pl o2.pl onet.pl op.pl interia.pl gazeta.pl seznam.cz email.cz centrum.cz
azet.sk freemail.hu citromail.hu abv.bg mail.bg otenet.gr telia.com comhem.se bredband.net online.no frisurf.no tdcadsl.dk
icloud.com me.com mac.com proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tutamail.com tuta.com tuta.io
fastmail.com fastmail.fm hey.com zoho.com zohomail.eu zohomail.com mail.com email.com usa.com inbox.com inbox.lv hushmail.com riseup.net
disroot.org startmail.com runbox.com yandex.com yandex.ru ya.ru mail.ru bk.ru inbox.ru list.ru rambler.ru ukr.net i.ua
comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net rogers.com sympatico.ca videotron.ca
qq.com 163.com 126.com sina.com naver.com daum.net hanmail.net rediffmail.com uol.com.br bol.com.br terra.com.br
duck.com mozmail.com relay.firefox.com simplelogin.com murena.io ik.me etik.com zaclys.net lilo.org ecomail.fr privaterelay.appleid.com yopmail.com mailinator.com guerrillamail.com 10minutemail.com
`

/** Slips of the finger for the commonest ones. Nothing arrives there, and whoever wrote one is no professional by it: a telephone number may stand beside it. */
const misspelt = `
gmial.com gmai.com gmal.com gamil.com gmaill.com gnail.com gmil.com gmeil.com gmail.co gmail.cm gmail.con hotmial.com hotmial.fr hotmai.com hotmai.fr
hotmal.com hotmal.fr hotmil.com hotmil.fr hotmail.con homail.com homail.fr outlok.com outlok.fr outllook.com outloook.com yaho.com yaho.fr yahou.fr
yahooo.fr yahho.fr wandoo.fr wanado.fr wannadoo.fr wanadoo.com orage.fr oange.fr ornage.fr lapost.net icloud.fr iclould.com iclod.com
`

/** Brands that hand out mailboxes under the domain of nearly every country. */
const brands = 'hotmail outlook yahoo gmx'
const countries = `
fr be ch de at es it pt nl ie lu dk se no fi pl cz sk hu ro bg gr hr si lt lv ee ca cl my ph vn us eu
co.uk co.in co.id co.za co.nz co.th co.jp co.kr co.il com.br com.ar com.mx com.co com.pe com.ve com.au com.tr com.sg com.hk com.tw com.vn com.ph com.my
`

/** Lower-case ASCII domains. Subscribers' and anonymising relays included: what counts is that no employer stands behind them. */
export const freeProviders: ReadonlySet<string> = new Set([
  ...`${domains}${misspelt}`.trim().split(/\s+/),
  ...brands.split(' ').flatMap((brand) =>
    countries
      .trim()
      .split(/\s+/)
      .map((country) => `${brand}.${country}`),
  ),
])
