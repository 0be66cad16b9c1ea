/** What is held back on this machine, and what is open for now, in Japanese. */
import type { HeldTexts } from "./text-parts.ts";

export const jaHeld: HeldTexts = {
  exportOpen: (minutes) => `ユーザーデータのエクスポート：残り${minutes}分`,
  placesDiffer: "キーチェーンは同期されません：ネットワークの場所の順番が異なります",
  notApplied: (entries) => `本機で異なる登録：${entries}件`,
  startsAgain: "原因がなくなると自動的に再開します。",
  dateAhead: (days) => ({
    what: `この機器の日付は、各機器が数えた時間より${days}日進んでいます。`,
    why: "この差は信用されません。履歴はそれによって古くなりません。",
    next: "ネットワーク > SNTP設定を確認してください。タイムサーバーの日付が誤っている可能性があります。日付が正しい場合は、何もする必要はありません。",
  }),
  serverFaults: {
    "port-closed": {
      why: "本機の別のプログラムがポート8443を使用しています。",
      next: "本機を再起動してください。繰り返し起こる場合は、サービス担当者にご連絡ください。",
    },
    "storage-damaged": {
      why: "保存データの一部が壊れていました。保存領域の異常、または停電が原因です。",
      next: "再開しない場合は、サーバーデータのバックアップを本機に復元するか、別の機器をサーバーにしてください。サービス担当者にご連絡ください。",
    },
  },
};
