/** What the tour says, in German. */
import type { TourTexts } from "./tour-texts.ts";

export const deTour: TourTexts = {
  heading: "Führung",
  start: "Führung beginnen",
  resume: (step, of) => `Führung fortsetzen (${step} von ${of})`,
  leave: "Führung verlassen",
  again: "Noch einmal von vorn",
  step: (step, of) => `Führung: Schritt ${step} von ${of}`,
  showMe: "Zeig mir, wo",
  doIt: "Mach es für mich",
  skip: "Überspringen",
  working: "Einen Moment ...",
  backTo: "Die Drucker sind nicht mehr verbunden. Deshalb geht die Führung hierhin zurück:",
  names: { scan: "Scan an mich", copy: "Zwei auf eine", fax: "Fax nach Paris", mail: "Mail an mich", store: "In Fach 7" },
  steps: {
    fleet: ({ server }) => ({
      title: "Die Drucker verbinden",
      text: `Noch ist jeder für sich allein. Machen Sie ${server} zum Servergerät, das alle Änderungen ordnet, und die anderen zu seinen Clients. An den Anzeigen: als Administrator anmelden, dann die Taste Einstellungen/Registrierung, Verwaltungseinstellungen, Geräteverwaltung.`,
      done: "Sie sind verbunden: Was einer weiß, wissen alle.",
    }),
    button: ({ first }) => ({
      title: "Eine Taste anlegen",
      text: `Melden Sie sich an ${first} als alice an, wählen Sie „Persönliche Taste hinzufügen“ (auf einer englischen Anzeige „Add a personal button“), geben Sie ihr einen Namen und speichern Sie.`,
      done: "Sie ist gespeichert und unterwegs zu den anderen.",
    }),
    elsewhere: ({ second, user, button }) => ({
      title: "Sie an einem anderen Drucker finden",
      text: `Melden Sie sich jetzt an ${second} als ${user} an. Die Taste „${button}“ ist schon da.`,
      done: "Dieselbe Taste, auf einem Drucker, an dem sie nie angelegt wurde.",
    }),
    cut: ({ first }) => ({
      title: "Ein Kabel durchschneiden",
      text: `Netze fallen aus. Drücken Sie auf die Schere am Kabel von ${first}.`,
      done: "",
    }),
    both: ({ first, second }) => ({
      title: "Auf beiden Seiten weiterarbeiten",
      text: `Ändern Sie etwas an ${first}, der abgeschnitten ist, und etwas anderes an ${second}: Legen Sie eine Taste an, oder ändern Sie eine. Niemand muss auf das Netz warten.`,
      done: "Jede Seite hat etwas, das die andere nicht wissen kann.",
    }),
    mend: ({ first }) => ({
      title: "Das Kabel flicken",
      text: `Flicken Sie das Kabel von ${first} und sehen Sie zu: Es dauert vielleicht ein paar Sekunden, bis er es merkt.`,
      done: "Beide Änderungen sind auf allen Druckern. Nichts ging verloren.",
    }),
    plug: ({ server, first }) => ({
      title: "Dem Servergerät den Stecker ziehen",
      text: `Ziehen Sie mitten am Tag den Stecker von ${server} und ändern Sie dann etwas an ${first}. Seine Anzeige sagt, dass die Änderung gespeichert ist und noch synchronisiert wird.`,
      done: "Die Änderung wartet, sicher auch vor einem Stromausfall.",
    }),
    power: ({ server }) => ({
      title: "Ihm wieder Strom geben",
      text: `Stecken Sie ${server} ein.`,
      done: "Er startet, und die Änderungen von allen kommen an.",
    }),
    sleep: ({ second }) => ({
      title: "Einen Drucker schlafen lassen",
      text: `Drücken Sie Energiesparen (☾) an ${second}, bis seine Anzeige dunkel ist und die Schlaflampe leuchtet. Ändern Sie dann etwas an einem anderen Drucker.`,
      done: "Er schläft weiter: Dafür weckt ihn niemand.",
    }),
    wake: ({ second }) => ({
      title: "Ihn wecken",
      text: `Drücken Sie irgendeine Taste von ${second}.`,
      done: "Er war auf dem neuesten Stand, ehe Sie seine Anzeige lesen konnten.",
    }),
    end: () => ({
      title: "Das war die Führung",
      text: "Machen Sie allein weiter: Stellen Sie eine Uhr ein Jahr vor und sehen Sie, dass die Reihenfolge der Änderungen stimmt, lassen Sie den Zeitserver schweigen, stellen Sie Drucker dazu, bis es zehn sind, ziehen Sie Stecker mitten in einer Änderung. Was eine Anzeige gespeichert nannte, kommt durch.",
      done: "",
    }),
  },
};
