import { getDomain } from 'tldts';
import { domainKey } from '../normalise/web.js';

/** Where anybody gets a mailbox: such a domain is no company's. */
const MAIL_PROVIDERS =
  'gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.fr hotmail.de hotmail.it hotmail.es live.com live.co.uk live.fr live.nl msn.com passport.com outlook.de outlook.fr outlook.es yahoo.com yahoo.co.uk yahoo.fr yahoo.de yahoo.it yahoo.es yahoo.ca yahoo.co.jp yahoo.co.in yahoo.com.br yahoo.com.au ymail.com rocketmail.com myyahoo.com icloud.com me.com mac.com aol.com aim.com gmx.com gmx.de gmx.net gmx.at gmx.ch web.de t-online.de freenet.de mail.de posteo.de posteo.net mailbox.org arcor.de 1und1.de online.de vodafone.de proton.me protonmail.com protonmail.ch pm.me tutanota.com tuta.io fastmail.com fastmail.fm hey.com hushmail.com zoho.com mail.com email.com usa.com inbox.com yandex.com yandex.ru ya.ru mail.ru bk.ru inbox.ru list.ru rambler.ru ukr.net i.ua seznam.cz centrum.cz email.cz wp.pl o2.pl onet.pl op.pl interia.pl gazeta.pl orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr libero.it virgilio.it tiscali.it alice.it tin.it tim.it telefonica.net terra.com terra.com.br uol.com.br bol.com.br ig.com.br globo.com sapo.pt btinternet.com btopenworld.com sky.com talktalk.net virginmedia.com ntlworld.com blueyonder.co.uk tiscali.co.uk comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net juno.com netzero.net optonline.net rogers.com shaw.ca sympatico.ca telus.net bigpond.com bigpond.net.au optusnet.com.au iinet.net.au xtra.co.nz telenet.be skynet.be ziggo.nl kpnmail.nl planet.nl home.nl xs4all.nl hetnet.nl bluewin.ch sunrise.ch telia.com tele2.se bredband.net online.no frisurf.no mail.dk tdcadsl.dk luukku.com kolumbus.fi qq.com 163.com 126.com yeah.net sina.com sohu.com foxmail.com aliyun.com naver.com hanmail.net daum.net nate.com rediffmail.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp walla.co.il mailinator.com guerrillamail.com yopmail.com temp-mail.org duck.com relay.firefox.com privaterelay.appleid.com';

/** Where anybody puts up a page. */
const HOSTS =
  'facebook.com fb.com fb.me linkedin.com lnkd.in twitter.com x.com t.co instagram.com youtube.com youtu.be tiktok.com pinterest.com reddit.com tumblr.com snapchat.com whatsapp.com wa.me t.me telegram.org threads.net bsky.app mastodon.social xing.com vk.com ok.ru weibo.com medium.com substack.com github.com github.io gitlab.com gitlab.io bitbucket.org linktr.ee bit.ly tinyurl.com goo.gl g.page business.site maps.app.goo.gl wordpress.com blogspot.com blogger.com wix.com wixsite.com squarespace.com weebly.com jimdo.com jimdosite.com webflow.io carrd.co strikingly.com godaddysites.com myshopify.com shopify.com etsy.com ebay.com amazon.com herokuapp.com netlify.app vercel.app pages.dev web.app firebaseapp.com azurewebsites.net cloudfront.net amazonaws.com notion.site notion.so yelp.com tripadvisor.com yellowpages.com crunchbase.com bloomberg.com wikipedia.org meetup.com eventbrite.com patreon.com behance.net dribbble.com about.me';

/** Hosts of companies that have a domain of their own for themselves. */
const PAGES_OF_ANYBODY =
  /^(?:sites|docs|drive|plus|maps|groups)\.google\.[a-z.]+$|^(?:apps|play|itunes)\.(?:apple|google)\.com$/;

const nobodys: ReadonlySet<string> = new Set([...MAIL_PROVIDERS.split(' '), ...HOSTS.split(' ')]);

/**
 * The registrable domain that names a company, out of a domain, web or mail address; undefined for what names none:
 * mail providers, social networks, hosting. `acme.github.io` names one, `github.io` does not.
 */
export function companyDomain(text: string): string | undefined {
  const host = domainKey(text);
  if (PAGES_OF_ANYBODY.test(host)) return undefined;
  const domain = getDomain(host, { allowPrivateDomains: true, validateHostname: true });
  return domain === null || nobodys.has(domain) ? undefined : domain;
}
