/** Names of several cultures, put together at random: whoever they fit is nobody we know. */

export interface Culture {
  readonly female: readonly string[];
  readonly male: readonly string[];
  readonly family: readonly string[];
}

const words = (line: string): readonly string[] => line.split(' ');

export const CULTURES: readonly Culture[] = [
  {
    female: words('Elizabeth Margaret Jennifer Susan Katherine Deborah Rebecca Victoria Abigail Samantha'),
    male: words('Robert William Michael Thomas Edward Christopher Benjamin Andrew Daniel Matthew'),
    family: words(
      'Ashdown Birchall Calloway Dunmore Eastwick Fairbrook Garrick Hollins Kingsley Marlowe Penrose Rutledge Thornhill Wakefield',
    ),
  },
  {
    female: words('Jürgena Käthe Friederike Annelore Gudrun Heidrun Liesel Mechthild Ottilie Swantje'),
    male: words('Jörg Günther Matthias Wolfgang Friedrich Ansgar Detlef Torsten Eckhard Björn'),
    family: words(
      'Müllerschön Weißgerber Köhlbrand Grünewald Schäferling Bückmann Holzapfel Krögersen Dorfmeister Pfänder Übelhack Strohmaier',
    ),
  },
  {
    female: words('Élodie Geneviève Hélène Mathilde Océane Aurélie Solène Bérénice Clémence Noémie'),
    male: words('François Étienne Rémi Thibault Gaël Aurélien Bastien Célestin Loïc Matthieu'),
    family: words(
      'Beaulieu Chabrol Delacourt Fontanel Garçonnet Lefèbvre Montclar Périgord Rousselin Saint-Aubin Vauquelin Crévecœur',
    ),
  },
  {
    female: words('María Concepción Inés Lucía Rocío Begoña Araceli Pilar Guadalupe Belén'),
    male: words('José Ángel Andrés Joaquín Ramón Íñigo Tomás Julián Hernán César'),
    family: words(
      'Ibáñez Castañeda Peñalver Quiñones Zúñiga Villarreal Montoya Escárcega Núñez Barragán Cárdenas Ordóñez',
    ),
  },
  {
    female: words('Agnieszka Małgorzata Katarzyna Łucja Zofia Božena Věra Ludmila Jadwiga Halina'),
    male: words('Wojciech Stanisław Zdeněk Jiří Tomáš Paweł Łukasz Radosław Bohumil Mirosław'),
    family: words(
      'Wiśniowski Dąbrowiecki Kowalczewski Świątek Brzezicki Novotník Dvořáček Zieliński Żurawik Hruškovič Čapková Pawlicki',
    ),
  },
  {
    female: words('Aiko Haruka Yuki Sakura Naomi Emiko Keiko Mariko Rina Chiyo'),
    male: words('Haruto Kenji Takumi Hiroshi Daichi Satoshi Ryo Masaru Tetsuya Jun'),
    family: words('Morishita Kagawara Tanimoto Hasebe Okunaga Shirakawa Ueshima Nakagami Fujikura Arimura'),
  },
  {
    female: words('Priyanka Ananya Kavita Lakshmi Meera Shalini Deepa Nandini Radhika Sunita'),
    male: words('Rajesh Arjun Vikram Sanjay Anil Rohan Suresh Karthik Nikhil Manoj'),
    family: words(
      'Raghunathan Deshmukhe Banerjea Chaturved Venkatesan Iyengarh Malhotri Kulkarnee Subramani Bhattal',
    ),
  },
  {
    female: words('Amina Fatimah Layla Noor Samira Zainab Yasmin Hana Rania Salma'),
    male: words('Mohammed Yusuf Karim Tariq Omar Khalid Hassan Ibrahim Nabil Rashid'),
    family: words('al-Hadari Benkhalil Mansouri El-Fassi Qadirov Zahrani Haddadi Khalifeh Rahmani Sabbaghi'),
  },
  {
    female: words('Chiamaka Ngozi Adaeze Folake Wanjiru Thandiwe Amahle Zuri Ayanda Ifeoma'),
    male: words('Chukwuemeka Oluwaseun Kwame Kofi Tendai Sipho Babatunde Jabari Thabo Emeka'),
    family: words('Okonjoye Adeyemisi Mwangale Nkosana Dlaminira Achebele Kamauri Owusuwa Ekwenze Balogunde'),
  },
];

/** What people call each other: the other system may know them by it. */
export const NICKNAMES: Readonly<Record<string, string>> = {
  Elizabeth: 'Liz',
  Margaret: 'Maggie',
  Jennifer: 'Jen',
  Susan: 'Sue',
  Katherine: 'Kate',
  Deborah: 'Debbie',
  Rebecca: 'Becky',
  Victoria: 'Vicky',
  Abigail: 'Abby',
  Samantha: 'Sam',
  Robert: 'Bob',
  William: 'Bill',
  Michael: 'Mike',
  Thomas: 'Tom',
  Edward: 'Ted',
  Christopher: 'Chris',
  Benjamin: 'Ben',
  Andrew: 'Andy',
  Daniel: 'Dan',
  Matthew: 'Matt',
  Friedrich: 'Fritz',
  Mohammed: 'Mo',
  José: 'Pepe',
};

export const JOB_TITLES: readonly (readonly [short: string, long: string])[] = [
  ['CTO', 'Chief Technology Officer'],
  ['CFO', 'Chief Financial Officer'],
  ['COO', 'Chief Operating Officer'],
  ['VP Sales', 'Vice President, Sales'],
  ['Head of IT', 'Head of Information Technology'],
  ['Buyer', 'Senior Buyer, Raw Materials'],
  ['Accountant', 'Senior Accountant'],
  ['HR Manager', 'Human Resources Manager'],
  ['Ops Lead', 'Operations Team Lead'],
  ['Consultant', 'Management Consultant'],
  ['Engineer', 'Field Service Engineer'],
  ['Office Manager', 'Office Manager and Executive Assistant'],
];
