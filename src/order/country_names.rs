//! What countries are called in the five languages, without capitals, accents and all that is no letter: the names of
//! the Unicode CLDR, and what people write beside them.

/// Each country's code with its names.
static NAMES: &str = "\
    ADandorra,andorre \
    AEemiratosarabesunidos,unitedarabemirates,emiratsarabesunis,emiratiarabiuniti,emiradosarabesunidos \
    AFafganistan,afghanistan,afeganistao AGantiguaybarbuda,antiguabarbuda,antiguaetbarbuda,antiguaebarbuda \
    AIanguila,anguilla ALalbania,albanie AMarmenia,armenie AOangola AQantartida,antarctica,antarctique,antartide \
    ARargentina,argentine ASsamoaamericana,americansamoa,samoaamericaines,samoaamericane ATaustria,autriche \
    AUaustralia,australie AWaruba AXislasaland,alandislands,ilesaland,isolealand,ilhasaland,alanda \
    AZazerbaiyan,azerbaijan,azerbaidjan,azerbaigian,azerbaijao \
    BAbosniayherzegovina,bosniaherzegovina,bosnieherzegovine,bosniaederzegovina,bosniaeherzegovina \
    BBbarbados,barbade BDbanglades,bangladesh,bangladeche BEbelgica,belgium,belgique,belgio \
    BFburkinafaso,burquinafaso BGbulgaria,bulgarie BHbarein,bahrain,bahrein,barem BIburundi BJbenin,benim \
    BLsanbartolome,stbarthelemy,saintbarthelemy,saobartolomeu BMbermudas,bermuda,bermudes BNbrunei \
    BObolivia,bolivie \
    BQcaribeneerlandes,caribbeannetherlands,paysbascaribeens,caraibiolandesi,paisesbaixoscaribenhos \
    BRbrasil,brazil,bresil,brasile BSbahamas,baamas BTbutan,bhutan,bhoutan,butao \
    BVislabouvet,bouvetisland,ilebouvet,isolabouvet,ilhabouvet BWbotsuana,botswana \
    BYbielorrusia,belarus,bielorussie,bielorussia,bielorrussia BZbelice,belize CAcanada \
    CCislascocos,cocoskeelingislands,ilescocos,isolecocoskeeling,ilhascocoskeeling,ilhasdoscocoskeeling \
    CDrepublicademocraticadelcongo,congokinshasa \
    CFrepublicacentroafricana,centralafricanrepublic,republiquecentrafricaine,repubblicacentrafricana \
    CGcongo,congobrazzaville,republicadocongo CHsuiza,switzerland,suisse,svizzera,suica \
    CIcotedivoire,costadavorio,costadomarfim,cotedivoirecostadomarfim \
    CKislascook,cookislands,ilescook,isolecook,ilhascook CLchile,chili,cile CMcamerun,cameroon,cameroun,camaroes \
    CNchina,chine,cina COcolombia,colombie CRcostarica CUcuba CVcaboverde,capeverde,capvert,capoverde \
    CWcurazao,curacao,curacau \
    CXisladenavidad,christmasisland,ilechristmas,isolachristmas,ilhachristmas,ilhadonatal \
    CYchipre,cyprus,chypre,cipro \
    CZchequia,czechia,tchequie,cechia,tchequia,republicacheca,czechrepublic,republiquetcheque,repubblicaceca \
    DEalemania,germany,allemagne,germania,alemanha DJyibuti,djibouti,gibuti,djibuti,jibuti \
    DKdinamarca,denmark,danemark,danimarca DMdominica,dominique \
    DOrepublicadominicana,dominicanrepublic,republiquedominicaine,repubblicadominicana DZargelia,algeria,algerie \
    ECecuador,equateur,equador EEestonia,estonie EGegipto,egypt,egypte,egitto,egito \
    EHsaharaoccidental,westernsahara,saharaoccidentale,saaraocidental,saraocidental EReritrea,erythree,eritreia \
    ESespana,spain,espagne,spagna,espanha ETetiopia,ethiopia,ethiopie FIfinlandia,finland,finlande \
    FJfiyi,fiji,fidji,figi FKislasmalvinas,falklandislands,ilesmalouines,isolefalkland,ilhasmalvinas,ilhasfalkland \
    FMmicronesia,micronesie FOislasferoe,faroeislands,ilesferoe,isolefaeroer,ilhasfaroe FRfrancia,france,franca \
    GAgabon,gabao \
    GBreinounido,unitedkingdom,royaumeuni,regnounito,uk,granbretana,greatbritain,grandebretagne,granbretagna,grabretanha,inglaterra,england,angleterre,inghilterra \
    GDgranada,grenada,grenade GEgeorgia,georgie \
    GFguayanafrancesa,frenchguiana,guyanefrancaise,guyanafrancese,guianafrancesa GGguernesey,guernsey GHghana,gana \
    GIgibraltar,gibilterra GLgroenlandia,greenland,groenland,gronelandia GMgambia,gambie GNguinea,guinee,guine \
    GPguadalupe,guadeloupe,guadalupa \
    GQguineaecuatorial,equatorialguinea,guineeequatoriale,guineaequatoriale,guineequatorial GRgrecia,greece,grece \
    GSislasgeorgiadelsurysandwichdelsur,southgeorgiasouthsandwichislands,georgiedusudetlesilessandwichdusud,georgiadelsudesandwichaustrali,ilhasgeorgiadosulesandwichdosul \
    GTguatemala GUguam,guame GWguineabisau,guineabissau,guineebissau,guinebissau GYguyana,guiana \
    HKraedehongkongchina,hongkongsarchina,raschinoisedehongkong,rasdihongkong,hongkongraedachina \
    HMislasheardymcdonald,heardislandmcdonaldislands,ilesheardetmacdonald,isoleheardemcdonald,ilhasheardemcdonald \
    HNhonduras HRcroacia,croatia,croatie,croazia HThaiti HUhungria,hungary,hongrie,ungheria IDindonesia,indonesie \
    IEirlanda,ireland,irlande ILisrael,israele IMislademan,isleofman,iledeman,isoladiman,ilhademan INindia,inde \
    IOterritoriobritanicodeloceanoindico,britishindianoceanterritory,territoirebritanniquedeloceanindien,territoriobritannicodelloceanoindiano,territoriobritanicodooceanoindico \
    IQirak,iraq,iraque IRiran,ira,irao ISislandia,iceland,islande,islanda ITitalia,italy,italie JEjersey \
    JMjamaica,jamaique,giamaica JOjordania,jordan,jordanie,giordania JPjapon,japan,giappone,japao \
    KEkenia,kenya,quenia KGkirguistan,kyrgyzstan,kirghizstan,kirghizistan,quirguistao \
    KHcamboya,cambodia,cambodge,cambogia,camboja KIkiribati,quiribati KMcomoras,comoros,comores,comore \
    KNsancristobalynieves,stkittsnevis,saintchristopheetnieves,saintkittsenevis,saocristovaoenevis,saocristovaoeneves \
    KPcoreadelnorte,northkorea,coreedunord,coreadelnord,coreiadonorte \
    KRcoreadelsur,southkorea,coreedusud,coreadelsud,coreiadosul,corea,korea KWkuwait,koweit \
    KYislascaiman,caymanislands,ilescaimans,isolecayman,ilhascayman,ilhascaimao \
    KZkazajistan,kazakhstan,kazakistan,cazaquistao LAlaos LBlibano,lebanon,liban \
    LCsantalucia,stlucia,saintelucie,saintlucia LIliechtenstein,listenstaine LKsrilanka,srilanca LRliberia \
    LSlesoto,lesotho LTlituania,lithuania,lituanie LUluxemburgo,luxembourg,lussemburgo \
    LVletonia,latvia,lettonie,lettonia LYlibia,libya,libye MAmarruecos,morocco,maroc,marocco,marrocos MCmonaco \
    MDmoldavia,moldova,moldavie MEmontenegro MFsanmartin,stmartin,saintmartin,saomartinho,saomartinhosaintmartin \
    MGmadagascar MHislasmarshall,marshallislands,ilesmarshall,isolemarshall,ilhasmarshall \
    MKmacedoniadelnorte,northmacedonia,macedoinedunord,macedoniadelnord,macedoniadonorte,macedonia MLmali \
    MMmyanmarbirmania,myanmarburma,myanmarbirmanie,mianmarbirmania MNmongolia,mongolie \
    MOraedemacaochina,macaosarchina,raschinoisedemacao,rasdimacao,macauraedachina \
    MPislasmarianasdelnorte,northernmarianaislands,ilesmariannesdunord,isolemariannesettentrionali,ilhasmarianasdonorte \
    MQmartinica,martinique MRmauritania,mauritanie MSmontserrat,monserrate MTmalta,malte \
    MUmauricio,mauritius,maurice,mauricia MVmaldivas,maldives,maldive MWmalaui,malawi MXmexico,mexique,messico \
    MYmalasia,malaysia,malaisie MZmozambique,mozambico,mocambique NAnamibia,namibie \
    NCnuevacaledonia,newcaledonia,nouvellecaledonie,nuovacaledonia,novacaledonia NEniger \
    NFislanorfolk,norfolkisland,ilenorfolk,isolanorfolk,ilhanorfolk NGnigeria NInicaragua \
    NLpaisesbajos,netherlands,paysbas,paesibassi,paisesbaixos,holanda,holland,hollande,olanda \
    NOnoruega,norway,norvege,norvegia NPnepal NRnauru NUniue \
    NZnuevazelanda,newzealand,nouvellezelande,nuovazelanda,novazelandia OMoman,oma PApanama PEperu,perou \
    PFpolinesiafrancesa,frenchpolynesia,polynesiefrancaise,polinesiafrancese \
    PGpapuanuevaguinea,papuanewguinea,papouasienouvelleguinee,papuanuovaguinea,papuanovaguine \
    PHfilipinas,philippines,filippine PKpakistan,paquistao PLpolonia,poland,pologne \
    PMsanpedroymiquelon,stpierremiquelon,saintpierreetmiquelon,saintpierreemiquelon,saopedroemiquelao \
    PNislaspitcairn,pitcairnislands,ilespitcairn,isolepitcairn,ilhaspitcairn PRpuertorico,portorico \
    PSterritoriospalestinos,palestinianterritories,territoirespalestiniens,territoripalestinesi,territoriospalestinianos \
    PTportugal,portogallo PWpalaos,palau PYparaguay,paraguai QAcatar,qatar REreunion,lareunion,riunione,reuniao \
    ROrumania,romania,roumanie,romenia RSserbia,serbie,servia RUrusia,russia,russie,federacionrusa RWruanda,rwanda \
    SAarabiasaudi,saudiarabia,arabiesaoudite,arabiasaudita \
    SBislassalomon,solomonislands,ilessalomon,isolesalomone,ilhassalomao SCseychelles,seicheles \
    SDsudan,soudan,sudao SEsuecia,sweden,suede,svezia SGsingapur,singapore,singapour,singapura \
    SHsantaelena,sthelenaascensiontristandacunha,saintehelene,santelena,santahelena SIeslovenia,slovenia,slovenie \
    SJsvalbardyjanmayen,svalbardjanmayen,svalbardetjanmayen,svalbardejanmayen \
    SKeslovaquia,slovakia,slovaquie,slovacchia SLsierraleona,sierraleone,serraleoa \
    SMsanmarino,saintmarin,saomarinho SNsenegal SOsomalia,somalie SRsurinam,suriname \
    SSsudandelsur,southsudan,soudandusud,sudsudan,sudaodosul \
    STsantotomeyprincipe,saotomeprincipe,saotomeetprincipe,saotomeeprincipe SVelsalvador,salvador \
    SXsintmaarten,saintmartinpartieneerlandaise,saomartinhosintmaarten SYsiria,syria,syrie \
    SZesuatini,eswatini,essuatini \
    TCislasturcasycaicos,turkscaicosislands,ilesturquesetcaiques,isoleturksecaicos,ilhasturcasecaicos \
    TDchad,tchad,ciad,chade \
    TFterritoriosaustralesfranceses,frenchsouthernandantarcticlands,terresaustralesfrancaises,terreaustralifrancesi,territoriosfrancesesdosul,territoriosaustraisfranceses \
    TGtogo THtailandia,thailand,thailande,thailandia \
    TJtayikistan,tajikistan,tadjikistan,tagikistan,tadjiquistao,tajiquistao TKtokelau,toquelau \
    TLtimorleste,timororiental,timorest TMturkmenistan,turcomenistao,turquemenistao TNtunez,tunisia,tunisie \
    TOtonga TRturquia,turkiye,turquie,turchia,turkey \
    TTtrinidadytobago,trinidadtobago,triniteettobago,trinidadetobago,trindadeetobago TVtuvalu TWtaiwan \
    TZtanzania,tanzanie UAucrania,ukraine,ucraina UGuganda,ouganda \
    UMislasmenoresalejadasdeeeuu,usoutlyingislands,ilesmineureseloigneesdesetatsunis,isoleminoriesternedeglistatiuniti,ilhasmenoresdistantesdoseua,ilhasmenoresafastadasdoseua \
    USestadosunidos,unitedstates,etatsunis,statiuniti,eeuu,estadosunidosdeamerica,unitedstatesofamerica,etatsunisdamerique,statiunitidamerica \
    UYuruguay,uruguai UZuzbekistan,ouzbekistan,uzbequistao,usbequistao \
    VAciudaddelvaticano,vaticancity,etatdelaciteduvatican,cittadelvaticano,cidadedovaticano \
    VCsanvicenteylasgranadinas,stvincentgrenadines,saintvincentetlesgrenadines,saintvincentegrenadine,saovicenteegranadinas \
    VEvenezuela \
    VGislasvirgenesbritanicas,britishvirginislands,ilesviergesbritanniques,isoleverginibritanniche,ilhasvirgensbritanicas \
    VIislasvirgenesdeeeuu,usvirginislands,ilesviergesdesetatsunis,isoleverginiamericane,ilhasvirgensamericanas,ilhasvirgensdoseua \
    VNvietnam,vietna,vietname VUvanuatu WFwallisyfutuna,wallisfutuna,wallisetfutuna,wallisefutuna WSsamoa \
    YEyemen,iemen YTmayotte,maiote ZAsudafrica,southafrica,afriquedusud,africadosul ZMzambia,zambie \
    ZWzimbabue,zimbabwe";

/// Letters with something about them, each with what it is without.
static PLAIN: &str = "\
    áaàaâaãaäaåaāaçcčcéeèeêeëeěeíiìiîiïiıiñnńnóoòoôoõoöoøoœoúuùuûuüuýyÿyšsžzłl";

/// The code of a country that is called so.
pub(super) fn country_named(text: &str) -> Option<&'static str> {
    let name = folded(text);
    let entry = NAMES.split(' ').find(|entry| {
        let mut names = entry[2..].split(',');
        names.any(|one| one == name)
    })?;
    (!name.is_empty()).then(|| &entry[..2])
}

fn folded(text: &str) -> String {
    let plain = |letter: char| {
        let mut pairs = PLAIN.chars();
        while let (Some(one), Some(plain)) = (pairs.next(), pairs.next()) {
            if one == letter {
                return plain;
            }
        }
        letter
    };
    let letters = text.chars().flat_map(char::to_lowercase).map(plain);
    letters.filter(char::is_ascii_alphabetic).collect()
}
