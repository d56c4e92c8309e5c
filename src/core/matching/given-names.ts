import { nameWords } from './name-words.js';

/**
 * Forms of one given name: short forms, and the same name in other languages. A name may be in several groups (Alex,
 * Pat, Chris); two names belong together when they share one.
 */
const GROUPS = `
abigail abby gail|abraham abe avraham ibrahim|adam adan|adrian adriano|adriana adrienne|agnes agnieszka ines inez
albert al bert alberto albrecht|alexander alex al alec alejandro aleksandr alessandro sasha sandy xander iskander
alexandra alex sandra sandy sasha alejandra alessandra lexi|alfred al fred alfredo alf|alice alicia alison ally
amanda mandy|amelia amy emilia millie|andrew andy drew andreas andre andrea andrei andrej anders andres
angela angie angelica|anna ann anne annie ana anya hannah hanna nan nancy anita|annabelle anabella annabel belle
anthony tony antonio anton antoine ant|antonia toni|arthur art arturo|barbara barb babs basia|benjamin ben benny benji
bernard bernie bernhard|beatrice bea beatriz beatrix|bridget brigitte birgit|bradley brad|calvin cal
caroline carolyn carol carrie carolina|carl karl carlos charles charlie chuck charly carlo|catherine katherine kathryn kate katie kathy cathy kat katarina catalina caterina yekaterina ekaterina katrin kathleen kitty
cecilia cecile celia|charlotte charlie lotte lottie carlotta|christina christine chris tina chrissy kristina kirsten kristen cristina christa
christopher chris kris christoph cristobal topher kit|christian chris kristian cristian|clara claire clare klara
claudia claudette|clement clemens|constance connie|cornelius cor neil|cynthia cindy|daniel dan danny danil daniil
daniela danielle dani daniella|david dave davy davide dawid|deborah debbie deb debra|denise deniz|dennis denny denis
diana diane di|dmitri dmitry dima dimitri dimitrios dmitrii|dominic dominik dom domingo nick|donald don donny|dorothy dot dolly dorothea thea
douglas doug|edward ed eddie ted teddy ned eduardo edouard eduard|edwin ed eddie|edmund ed eddie ned
eleanor ellie nell nora eleonora elinor leonora|elizabeth liz beth betty lizzie eliza elisabeth lisa elsa isabel isabella bess libby elise lisbeth elisa
ellen helen helena elena helene nell ella eleni yelena|emily em emma emilie|emmanuel manuel manny immanuel|eric erik rick erich
ernest ernie ernst ernesto|esther hester|eugene gene evgeny yevgeny eugenio eugen|eva eve evelyn ewa evie
ferdinand fernando ferdi|florence flo florencia|frances fran francesca francine franziska frankie francisca
francis frank francisco francesco franz francois paco franco|franklin frank|frederick fred freddy friedrich federico fritz fredrik frederic rick
gabriel gabe|gabriella gabriela gabrielle gabby|geoffrey geoff jeff jeffrey jeffery jeffry gottfried|george georg jorge giorgio yuri juergen jurgen georges georgios georgi
gerald gerry jerry gerard gerhard gerardo|gertrude trudy gertrud|gregory greg gregor grigory gregorio|gustav gus gustavo gustave|gwendolyn gwen
harold harry hal harald|henry harry hank hal heinrich henri enrique enrico henrik hendrik|herbert herb bert|howard howie
hugh hugo ugo|ian iain|ignatius ignacio ignacy nacho|irene irina|isaac ike izaak|jacob jake jakob jacobo jacques yakov
james jim jimmy jamie jaime jacques diego giacomo santiago seamus|jane janet jan janie joan joanna johanna juana jeanne giovanna jean joanne
jasmine yasmin|jason jay|jennifer jen jenny jenna|jeremy jerry jeremiah|jessica jess jessie|jill gillian
john johnny jack jon johan johann johannes juan giovanni jean ivan jan ian ivo hans joao sean shaun shawn yannis ioannis janos
jonathan jon jonny nathan|joseph joe joey jose giuseppe josef jozef pepe yusuf yosef|josephine jo josie josefina|joshua josh
joyce joy|judith judy|julia julie juliet giulia juliana|julian jules|justin justine|karen caren karin|kenneth ken kenny
kevin kev|kimberly kim|lawrence larry laurence lorenzo laurent lars lorenz|laura laurie lora lauren|leonard len lenny leo leonardo
leo leon lev|leslie les lesley|leticia lettie|lewis louis lou luis luigi ludwig lewie ludovic lajos|lillian lily lilian liliana|linda lindy
lee leigh lea|louise lou luisa louisa luise|lucas luke luca lukas luc lukasz|lucy lucia lucie lucille|lydia lidia
magdalena maggie lena magda madeleine madeline|marcus marc mark marco marcos markus marek|margaret maggie meg peggy marge margie greta margarita margot marguerite margarete rita
maria mary marie mariya miriam marija molly polly mia mariam maryam|marian marianne mariana|martha marta|martin marty marten martino
matilda tilly mathilde|matthew matt matteo mathieu matthias mateo mateusz matty|maurice morris morrie mauricio moritz mo
maximilian max massimo|maxwell max|megan meg|melanie mel|melissa mel lissa|michael mike mick mickey mikhail miguel michel michele mikael mihai michal misha mikkel
michelle shelly michele|miranda mandy randi|mohammed mohamed muhammad muhammed mohammad mehmet mo mohamad mahomet|monica monique monika
nancy nan|natalie nat natalia natasha nathalie natalya|nathaniel nathan nate nat|nicholas nick nicolas nico nikolai klaus nicola niklas nikolaos nikolay nicolo niels claus
nicole nicki nicola nicoletta|norman norm|oliver ollie olivier|olivia liv|oscar oskar|pamela pam|patricia pat patty trish tricia patrizia
patrick pat paddy padraig patricio patrice|paul pablo paolo pavel paulo pawel|paula pauline paulina paola|penelope penny
peter pete pedro pierre pietro piotr petr pyotr petros petar|philip phil phillip felipe philippe filippo philipp filip|phyllis phil
rachel raquel rachael|ralph raoul raul rolf|raymond ray ramon raimund|rebecca becky becca rebekah|reginald reg reggie|richard rick dick rich ricky ricardo riccardo ritchie
robert bob rob bobby robbie bert roberto robin rupert|roberta bobbie|roderick rod roddy rodrigo|rodney rod|roger rutger rogelio ruggero
roland rolando orlando|ronald ron ronnie|rose rosa rosie rosemary|russell russ|ruth ruthie|samuel sam sammy|samantha sam|sarah sara sally sadie sahra
scott scotty|sebastian seb bastian|sergei serge sergio sergey|sharon shari|sidney sid sydney|simon simeon shimon|sophia sophie sofia sofie sonia
stanley stan stanislav stanislaw|stephanie steph stefanie estefania steffi|stephen steve steven stefan esteban stefano stephan etienne stevie
stuart stewart stu|susan sue susie susanne suzanne susanna suzy zuzana susana|sylvia silvia|tatiana tanya|tamara tammy
teresa terry theresa tess therese terri|terence terry terrence|theodore ted teddy theo fyodor teodor|thomas tom tommy tomas tomasz tommaso
timothy tim timmy timoteo|tobias toby|tracy tracey|ursula ulla|valentina val|valerie val|vanessa nessa|veronica ronnie vera veronika
victor vic viktor vittorio|victoria vicky tori viktoria|vincent vince vinny vicente vincenzo|virginia ginny ginger|vladimir vlad volodymyr vova
walter walt wally gualtiero|wendy gwendolyn|wesley wes|william bill will billy liam guillermo guillaume wilhelm willy willem guglielmo vasily
wolfgang wolf|xavier javier|yvonne eve yvette|zachary zach zack|alan allan allen alain|elliot elliott eliot|brian bryan bryon|jared jarrod jarred
aaron arron|leah lea lia|lynn lynne lyn|erica erika ericka|carla karla|sabina sabine|raphael rafael rafaello|sean shane|neil neal niall|kerry keri|jodie jody|ashley ashleigh`;

/** Given names of their own, like enough to one above, or to one another, to be taken for a slip of the pen. */
const OTHERS =
  'aaron ada alan alana allan allen alma alva alvin amir amit amina anders angel angelo anil anita anjali april arjun arlene armand arnold ashley aubrey audrey austin ava beau bella bernice beth blake boris brian bryan bruce bruno carla carmen casey cheryl chloe cody colin craig curtis dale damian dana darius darla darlene darren darrell dean dino dora doris dylan edgar edith elaine eli elias ella elliot ellis elmer elsie elvis enzo erica erika erin ethan etta evan fatima faye felix fiona floyd frida gary gaston gina ginger glen glenda glenn gloria gordon grace grant hamid harper harvey hazel heather hector heidi henrietta hope ida ingrid inga irma iris ivy jada jade jaden jared jarrod jasper jayden jodie joel jonas jordan jorg julio june kai kara karla kari kayla keith kelly kelvin kerry kian kira kurt kyle kylie lana lance lara leah lena lenora leroy liam lila lisa lloyd lois lola lorena lori lucian luna lynn mabel malcolm mara marcel marcella marcia margo marina mario marion marius marla marlene marsha marvin maureen maya melvin mila miles milo mina mira mona morgan moses myra nadia nadine naomi neal neil nell nelson nina nils noah noel nora norma omar otto owen parker paulo pearl perry pia rafael ramona randall randy raphael rene renee rhonda riley rita roman ronan rory ross roy ruby ryan sabine sabrina sam sean selena selina selma seth shane shannon sheila shelby sheldon silas simona simone spencer stacy stella sven tanja tara tessa tia tiffany tina toby todd tom travis trevor troy tyler tyrone uma valeria vera verna vernon vince viola violet vivian wade wanda warren wayne wilma winston yasmin yolanda yusuf zara zoe';

const groupsOf = new Map<string, Set<number>>();
const initialsOf = new Map<number, Set<string>>();

for (const [index, group] of GROUPS.trim().split(/[|\n]/).entries()) {
  const names = nameWords(group);
  initialsOf.set(index, new Set(names.map((name) => name.slice(0, 1))));
  for (const name of names) groupsOf.set(name, (groupsOf.get(name) ?? new Set()).add(index));
}
const known: ReadonlySet<string> = new Set([...groupsOf.keys(), ...nameWords(OTHERS)]);

/** Whether two given names (folded) are forms of one: Bob and Robert, Ivan and John. */
export function areFormsOfOne(a: string, b: string): boolean {
  const groups = groupsOf.get(a);
  const others = groupsOf.get(b);
  return groups !== undefined && others !== undefined && [...groups].some((group) => others.has(group));
}

/** Whether a one-letter initial can stand for the name or one of its forms: `B` for Robert. */
export function canStandFor(initial: string, name: string): boolean {
  if (name.startsWith(initial)) return true;
  return [...(groupsOf.get(name) ?? [])].some((group) => initialsOf.get(group)?.has(initial) === true);
}

/** Common enough that, written down, it is what was meant: Mark is not a slip for Mary. */
export function isCommonGivenName(name: string): boolean {
  return known.has(name);
}
