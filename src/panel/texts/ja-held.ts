/** What is held back on this machine, and what is open for now, in Japanese. */
import type { HeldTexts } from "./text-parts.ts";

export const jaHeld: HeldTexts = {
  exportOpen: (minutes) => `ユーザーデータのエクスポート：残り${minutes}分`,
  placesDiffer: "キーチェーンは同期されません：ネットワークの場所の順番が異なります",
  notApplied: (entries) => `本機で異なる登録：${entries}件`,
  startsAgain: "原因がなくなると自動的に再開します。",
};
