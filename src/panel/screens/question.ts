/** Questions before something that cannot be taken back: what it means, Yes and No. No is selected where Yes destroys. */
import { unreachable } from "../../model/assert.ts";
import { type Act, BACK, type Page, says, shown, softKey } from "../page.ts";
import type { Intent } from "../intent.ts";
import type { Question, Values } from "../place.ts";
import { dataOf, type PanelState, textsOf } from "../state.ts";
import { askAdmin } from "./admin-question.ts";
import { firstContactPage } from "./first-contact.ts";
import { gonePage } from "./message.ts";

export interface Asked {
  readonly title: string;
  readonly means: readonly string[];
  readonly yes: Act;
  /** Texts of the answers where they say more than Yes and No. */
  readonly yesText?: string;
  readonly noText?: string;
  readonly first: "yes" | "no";
}

export function questionPage(state: PanelState, question: Question): Page {
  if (question.kind === "start-client") return firstContactPage(state, question.settings, question.away);
  const asked = question.kind === "admin" ? askAdmin(state, question.question) : ask(state, question);
  if (asked === undefined) return gonePage(state);
  const texts = textsOf(state);
  const { title, means, yes, first, yesText = texts.action.yes, noText = texts.action.no } = asked;
  return {
    kind: "question",
    title,
    rows: [
      ...means.map((sentence, index) => says(`means-${index}`, sentence)),
      { key: "yes", text: yesText, act: yes },
      { key: "no", text: noText, act: BACK },
    ],
    first,
    softKeys: [softKey(yesText, yes), softKey(noText, BACK)],
  };
}

/** Undefined: what is asked about is gone, deleted on another machine meanwhile. */
function ask(state: PanelState, question: Exclude<Question, { kind: "start-client" | "admin" }>): Asked | undefined {
  const texts = textsOf(state);
  switch (question.kind) {
    case "delete-button": {
      const { button, key } = question;
      const found = dataOf(state, button.owner).buttons.find((candidate) => candidate.key === key);
      const means = button.item === "personal-button" ? texts.button.deletePersonal : texts.button.deleteShared;
      return (
        found && removal(texts.button.deleteQuestion(shown(found.name, texts.noName)), [means], { kind: "delete-entry", ...button, key })
      );
    }
    case "delete-address": {
      const { list, key } = question;
      const { addresses } = dataOf(state, list.owner);
      const found = addresses.find((candidate) => candidate.key === key);
      const groups = addresses.filter(({ members }) => members.includes(key)).length;
      const means = [list.item === "personal-address" ? texts.address.deleteForMe : texts.address.deleteForAll];
      if (groups > 0) means.push(texts.address.deleteFromGroups(groups));
      const intent = { kind: "delete-entry", owner: list.owner, item: list.item, key } as const;
      return found && removal(texts.address.deleteQuestion(shown(found.cells.cn ?? "", texts.noName)), means, intent);
    }
    case "delete-keychain": {
      const { owner, key } = question;
      const { place, deleteQuestion, deleteMeans } = texts.own.keychain;
      const found = dataOf(state, owner).own.keychains.includes(key);
      return found ? removal(deleteQuestion(place(key)), [deleteMeans], { kind: "delete-entry", owner, item: "keychain", key }) : undefined;
    }
    case "remove-machine": {
      const { deviceId } = question;
      const found = state.machines.find((machine) => machine.deviceId === deviceId);
      const title = texts.server.removeQuestion(shown(found?.deviceName ?? "", texts.noName));
      return found && removal(title, [texts.server.removeMeans], { kind: "remove-machine", deviceId });
    }
    case "stop-server":
      return {
        title: texts.server.stopQuestion,
        means: [texts.server.stopMeans],
        yes: { do: "ask", intent: { kind: "stop-server" }, then: BACK },
        first: "no",
      };
    case "export-first":
    case "stop-client":
    case "restart":
      return askClient(state, question);
    default:
      return unreachable(question);
  }
}

/** What is deleted has a page of its own, which goes with it. */
const removal = (title: string, means: readonly string[], intent: Intent): Asked => ({
  title,
  means,
  yes: { do: "ask", intent, then: { do: "back", levels: 2 } },
  first: "no",
});

/** A server machine takes part through its own client function, connected to itself (M04). */
const suggestion = ({ status }: PanelState): Values => (status.server === undefined ? {} : { destination: "localhost" });

function askClient(state: PanelState, question: Extract<Question, { kind: "export-first" | "stop-client" | "restart" }>): Asked {
  const texts = textsOf(state).client;
  switch (question.kind) {
    case "export-first":
      return {
        title: texts.exportQuestion,
        means: [texts.exportWhy, texts.exportWhere],
        yes: { do: "swap", levels: 1, place: { screen: "sync-client-form" }, values: suggestion(state) },
        yesText: texts.exportGoOn,
        noText: texts.exportBack,
        first: "yes",
      };
    case "stop-client": {
      const pending = state.status.client?.pending ?? 0;
      return {
        title: texts.stopQuestion,
        means: pending === 0 ? [texts.stopMeans] : [texts.stopPending(pending), texts.stopMeans],
        yes: { do: "ask", intent: { kind: "stop-client" }, then: BACK },
        first: "no",
      };
    }
    case "restart":
      return {
        title: texts.restartQuestion,
        means: [texts.restartMeans],
        yes: {
          do: "ask",
          intent: { kind: "restart" },
          then: { do: "swap", levels: 1, place: { screen: "message", notice: { kind: "restarting" } } },
        },
        yesText: texts.restartNow,
        noText: texts.restartLater,
        // It ends what runs: then nobody comes to it by pressing OK once more.
        first: state.jobRuns ? "no" : "yes",
      };
    default:
      return unreachable(question);
  }
}
