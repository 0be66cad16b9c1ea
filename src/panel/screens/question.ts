/** Questions before something that cannot be taken back: what it means, Yes and No. No is selected where Yes destroys. */
import { unreachable } from "../../model/assert.ts";
import { type Act, BACK, type Page, says, shown, softKey, type Then } from "../page.ts";
import type { Question } from "../place.ts";
import { dataOf, type PanelState, textsOf } from "../state.ts";

interface Asked {
  readonly title: string;
  readonly means: readonly string[];
  readonly yes: Act;
  /** Texts of the answers where they say more than Yes and No. */
  readonly yesText?: string;
  readonly noText?: string;
  readonly first: "yes" | "no";
  readonly no?: Then;
}

export function questionPage(state: PanelState, question: Question): Page {
  const texts = textsOf(state);
  const { title, means, yes, first, no = BACK, yesText = texts.action.yes, noText = texts.action.no } = ask(state, question);
  return {
    kind: "question",
    title,
    rows: [
      ...means.map((sentence, index) => says(`means-${index}`, sentence)),
      { key: "yes", text: yesText, act: yes },
      { key: "no", text: noText, act: no },
    ],
    first,
    softKeys: [softKey(yesText, yes), softKey(noText, no)],
  };
}

function ask(state: PanelState, question: Question): Asked {
  const texts = textsOf(state);
  switch (question.kind) {
    case "delete-button": {
      const { button, key } = question;
      const found = dataOf(state, button.owner).buttons.find((candidate) => candidate.key === key);
      return {
        title: texts.button.deleteQuestion(shown(found?.name ?? "", texts.noName)),
        means: [button.item === "personal-button" ? texts.button.deletePersonal : texts.button.deleteShared],
        yes: { do: "ask", intent: { kind: "delete-entry", ...button, key }, then: { do: "back", levels: 2 } },
        first: "no",
      };
    }
    case "delete-address": {
      const { list, key } = question;
      const found = dataOf(state, list.owner).addresses.find((candidate) => candidate.key === key);
      return {
        title: texts.address.deleteQuestion(shown(found?.cells.cn ?? "", texts.noName)),
        means: [list.item === "personal-address" ? texts.address.deleteForMe : texts.address.deleteForAll],
        yes: { do: "ask", intent: { kind: "delete-entry", owner: list.owner, item: list.item, key }, then: { do: "back", levels: 2 } },
        first: "no",
      };
    }
    case "remove-machine": {
      const machine = state.machines.find(({ deviceId }) => deviceId === question.deviceId);
      return {
        title: texts.server.removeQuestion(shown(machine?.deviceName ?? "", texts.noName)),
        means: [texts.server.removeMeans],
        yes: { do: "ask", intent: { kind: "remove-machine", deviceId: question.deviceId }, then: { do: "back", levels: 2 } },
        first: "no",
      };
    }
    case "stop-server":
      return {
        title: texts.server.stopQuestion,
        means: [texts.server.stopMeans],
        yes: { do: "ask", intent: { kind: "stop-server" }, then: BACK },
        first: "no",
      };
    case "start-client":
    case "stop-client":
    case "restart":
      return askClient(state, question);
    default:
      return unreachable(question);
  }
}

function askClient(state: PanelState, question: Extract<Question, { kind: "start-client" | "stop-client" | "restart" }>): Asked {
  const texts = textsOf(state).client;
  switch (question.kind) {
    case "start-client": {
      const { settings } = question;
      const whom = settings.destination === "" ? texts.startMeansSearch : texts.startMeans(shown(settings.destination, "-"));
      return {
        title: texts.startQuestion,
        means: [whom, texts.startReplaces],
        yes: { do: "ask", intent: { kind: "start-client", settings }, then: { do: "swap", levels: 2, place: RESTART } },
        first: "yes",
      };
    }
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
        first: "yes",
      };
    default:
      return unreachable(question);
  }
}

const RESTART = { screen: "question", question: { kind: "restart" } } as const;
