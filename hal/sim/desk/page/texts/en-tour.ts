/** What the tour says, in English. */
import type { TourTexts } from "./tour-texts.ts";

export const enTour: TourTexts = {
  heading: "Guided tour",
  start: "Take the tour",
  resume: (step, of) => `Go on with the tour (${step} of ${of})`,
  leave: "Leave the tour",
  again: "Begin again",
  step: (step, of) => `Guided tour: step ${step} of ${of}`,
  showMe: "Show me where",
  doIt: "Do it for me",
  skip: "Skip",
  working: "One moment ...",
  backTo: "The printers are no longer connected to each other, so the tour goes back to this:",
  names: { scan: "Scan to my desk", copy: "Two on one", fax: "Fax to Paris", mail: "Mail to myself", store: "Into box 7" },
  steps: {
    fleet: ({ server }) => ({
      title: "Connect the printers",
      text: `They are on their own as yet. Make ${server} the server machine, which puts all changes in order, and the others its clients. On the panels: log in as Administrator, then Settings/Registration, Management Settings, Device Management.`,
      done: "They are connected: what one knows, all know.",
    }),
    button: ({ first }) => ({
      title: "Register a button",
      text: `At ${first}, log in as alice, choose "Add a personal button", give it a name and save it.`,
      done: "It is saved, and on its way to the others.",
    }),
    elsewhere: ({ second, user, button }) => ({
      title: "Find it at another printer",
      text: `Now log in as ${user} at ${second}. The button "${button}" is there already.`,
      done: "The same button, on a printer that never saw it made.",
    }),
    cut: ({ first }) => ({
      title: "Cut a cable",
      text: `Networks fail. Press the scissors on the cable of ${first}.`,
      done: "",
    }),
    both: ({ first, second }) => ({
      title: "Go on working on both sides",
      text: `Change something at ${first}, which is cut off, and something else at ${second}: add a button, or change one. Nobody has to wait for the network.`,
      done: "Each side has something that the other cannot know.",
    }),
    mend: ({ first }) => ({
      title: "Mend the cable",
      text: `Mend the cable of ${first} and watch: it may take a few seconds until it notices.`,
      done: "Both changes are on all printers. Nothing was lost.",
    }),
    plug: ({ server, first }) => ({
      title: "Pull the plug of the server machine",
      text: `Pull the plug of ${server} in the middle of the day, then change something at ${first}. Its display says that the change is saved and will be synchronised.`,
      done: "The change waits, safe against a power cut.",
    }),
    power: ({ server }) => ({
      title: "Give it power again",
      text: `Plug in ${server}.`,
      done: "It starts, and everybody's changes arrive.",
    }),
    sleep: ({ second }) => ({
      title: "Let a printer sleep",
      text: `Press Energy Saver (☾) at ${second} until its display is dark and its sleep lamp is lit. Then change something at another printer.`,
      done: "It sleeps on: nobody wakes it for that.",
    }),
    wake: ({ second }) => ({
      title: "Wake it",
      text: `Press any key of ${second}.`,
      done: "It was up to date before you could read its display.",
    }),
    end: () => ({
      title: "That was the tour",
      text: "Go on by yourself: set a clock a year ahead and see that the order of changes stays right, let the time server be silent, add printers up to ten, pull plugs in the middle of an edit. What a panel called saved comes through.",
      done: "",
    }),
  },
};
