/** ISO 3166-1: alpha-2 and alpha-3 codes; XK and XKX are the codes in common use for Kosovo, which has none. */
const PAIRS =
  'ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE BABIH BBBRB BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC SDSDN SESWE SGSGP SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM XKXKX YEYEM YTMYT ZAZAF ZMZMB ZWZWE';

/** Alpha-2 by alpha-3. */
export const ALPHA2_BY_ALPHA3: ReadonlyMap<string, string> = new Map(
  PAIRS.split(' ').map((pair) => [pair.slice(2), pair.slice(0, 2)]),
);

export const ALPHA2: ReadonlySet<string> = new Set(ALPHA2_BY_ALPHA3.values());

/** What people write and no table of names has, by alpha-2. */
export const COUNTRY_ALIASES: Readonly<Record<string, string>> = {
  AE: 'uae|emirates|united arab emirates',
  BN: 'brunei darussalam',
  BO: 'plurinational state of bolivia|bolivia plurinational state of',
  BQ: 'bonaire sint eustatius and saba',
  CD: 'drc|dr congo|zaire|democratic republic of the congo|congo the democratic republic of the|congo democratic republic of the',
  CG: 'congo|republic of the congo|congo republic of the',
  CH: 'schweiz|suisse|svizzera|svizra|switzerland',
  CI: 'ivory coast|cote divoire',
  CN: 'prc|mainland china|peoples republic of china',
  CV: 'cape verde|cabo verde',
  CZ: 'czech republic|czechia|ceska republika',
  DE: 'brd|federal republic of germany|bundesrepublik deutschland',
  FK: 'falkland islands malvinas|falklands',
  FM: 'micronesia|federated states of micronesia|micronesia federated states of',
  GB: 'uk|great britain|britain|england|scotland|wales|northern ireland|cymru|united kingdom of great britain and northern ireland',
  GR: 'el|hellas|hellenic republic',
  HK: 'hong kong|hongkong',
  IR: 'iran islamic republic of|islamic republic of iran',
  KP: 'north korea|dprk|korea democratic peoples republic of|democratic peoples republic of korea',
  KR: 'korea|south korea|rok|republic of korea|korea republic of',
  LA: 'lao peoples democratic republic|laos',
  MD: 'moldova republic of|republic of moldova',
  MK: 'macedonia|fyrom|north macedonia|macedonia the former yugoslav republic of',
  MM: 'burma|myanmar',
  MO: 'macau|macao',
  NL: 'holland|netherlands kingdom of the|kingdom of the netherlands',
  PS: 'palestine|palestine state of|state of palestine|palestinian territory occupied',
  RU: 'russian federation|russia',
  SH: 'saint helena ascension and tristan da cunha|saint helena',
  SY: 'syrian arab republic',
  SZ: 'swaziland|eswatini',
  TL: 'east timor|timor leste',
  TR: 'turkey|turkiye',
  TW: 'taiwan province of china|taiwan roc|republic of china|taiwan',
  TZ: 'tanzania united republic of|united republic of tanzania',
  US: 'usa|united states of america|america|states|estados unidos de america',
  VA: 'holy see|vatican|holy see vatican city state',
  VE: 'venezuela bolivarian republic of|bolivarian republic of venezuela',
  VG: 'virgin islands british',
  VI: 'virgin islands u s|virgin islands us',
  VN: 'viet nam|vietnam',
};
