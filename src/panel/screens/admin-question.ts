/** What an administrator is asked before it is done. */
import { unreachable } from "../../model/assert.ts";
import { LIMITS } from "../../model/limits.ts";
import type { AdminQuestion } from "../admin-place.ts";
import { order } from "../order.ts";
import { itemText, ownerText } from "../shown-entry.ts";
import { type PanelState, textsOf } from "../state.ts";
import type { Asked } from "./question.ts";

export function askAdmin(state: PanelState, question: AdminQuestion): Asked {
  const texts = textsOf(state);
  const { owners, sharing, history } = texts.admin;
  switch (question.kind) {
    case "delete-owners": {
      const names = question.owners.slice(0, LIMITS.panelNamedMax).map((owner) => ownerText(state, owner));
      const more = question.owners.length > LIMITS.panelNamedMax ? [owners.andMore(question.owners.length - LIMITS.panelNamedMax)] : [];
      return {
        title: owners.deleteQuestion(question.owners.length),
        means: [...names, ...more, owners.deleteMeans],
        yes: order({ kind: "delete-owners", owners: question.owners }, { do: "back", levels: 1 }),
        first: "no",
      };
    }
    case "set-sharing":
      return {
        title: itemText(texts, question.item),
        means: [sharing.scopes[question.scope], sharing.means[question.scope], sharing.onlyAlone],
        yes: order({ kind: "set-sharing", item: question.item, scope: question.scope }, { do: "back", levels: 2 }),
        first: "no",
      };
    case "put-back": {
      const { owner, id } = question;
      return {
        title: history.putBackQuestion,
        means: [id === undefined ? history.putBackAllMeans(ownerText(state, owner)) : history.putBackMeans],
        yes: order({ kind: "put-back", owner, ...(id === undefined ? {} : { ids: [id] }) }, { do: "back", levels: 2 }),
        first: "yes",
      };
    }
    case "take-over":
      return {
        title: texts.admin.takeOver.question,
        means: [texts.admin.takeOver.when, texts.admin.takeOver.means],
        yes: order({ kind: "take-over" }, { do: "back", levels: 1 }),
        first: "no",
      };
    default:
      return unreachable(question);
  }
}
