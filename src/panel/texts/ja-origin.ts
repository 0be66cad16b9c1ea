/** Where an entry comes from, in Japanese. */
import type { OriginTexts } from "./text-parts.ts";

export const jaOrigin: OriginTexts = {
  title: "変更した人と機器",
  machine: "変更した機器",
  orLater: (date) => `${date}以降`,
  states: {
    standing: "サーバーに登録されています。",
    pending: "本機に保存されており、まだサーバーに送られていません。",
    "here-alone": "本機だけにあります。",
  },
  why: {
    first: "以前の内容はありませんでした。",
    seen: "以前の内容を確認したうえでの変更です。",
    later: "以前の内容よりもあとの変更です。",
    own: "以前の内容も同じ機器での変更です。",
    adopted: "その機器の参加時に、サーバーに引き継がれました。",
    brought: "失われたサーバーから、ほかの機器が受け取っていた内容です。",
    server: "サーバーが行った変更です。",
  },
  over: "サーバーの現在の内容",
  none: "まだだれも設定していません。",
};
