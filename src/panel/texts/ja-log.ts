/** The communication log, in Japanese. */
import type { LogTexts } from "./log-texts.ts";

export const jaLog: LogTexts = {
  title: "通信ログ",
  none: "まだ記録がありません。",
  levels: { Information: "情報", Warning: "警告", Error: "エラー" },
  bare: {
    "server-started": "サーバー機能が開始されました。",
    "server-stopped": "サーバー機能が停止されました。",
    "client-started": "クライアント機能が開始されました。本機の再起動後に動作します。",
    joined: "本機が参加しました。",
    connected: "サーバー機に接続しました。",
    "backed-up": "サーバーのデータのバックアップが作成されました。",
    restored: "サーバーのデータがバックアップから復元されました。取り消された内容は履歴にあります。",
    "storage-lost":
      "同期のために本機に保存されていたデータが失われ、機能が停止しています。保存領域が壊れていました。機能をもう一度開始してください。本機がサーバー機だった場合は、バックアップを復元してください。",
    "act-completed": "電源の切断で中断されたインポートまたは復元を完了しました。",
    "places-alike": "ネットワークの場所の順番がサーバー機と同じになりました。キーチェーンは同期されます。",
    "clock-remembered": "タイムサーバーが応答しません。過去7日間の応答を使って、サーバー機能を開始します。",
    "server-ended": "サーバー機でサーバー機能が停止されました。本機は、本機のコピーで動作を続けます。",
    "server-off": "サーバー機の電源が切れるか、再起動します。本機は、本機のコピーで動作を続けます。",
  },
  notes: {
    unsent: (edits) => `サーバーに届いていない変更が${edits}件あります。本機に残り、送信されません。`,
    "machine-registered": (machine, serialNumber) => `${machine}が参加しました。シリアル番号：${serialNumber}`,
    "machine-removed": (machine) => `管理者が${machine}を外しました。`,
    "not-understood": (machine) => `${machine}から使用できないデータが届いたため、受け取りませんでした。`,
    "owner-deleted": (owner) => `${owner}のデータが、すべての機器から削除されました。`,
    "owner-evicted": (owner, count) =>
      `${owner}は最終ログインがいちばん古いため、新しいユーザーのためにすべての機器から外されました。履歴に移った登録：${count}件`,
    "users-near-limit": (users, usersMax) => `サーバーのユーザーが${users}人以上になりました（最大${usersMax}人）。`,
    "users-over-limit": (users, usersMax) =>
      `サーバーのユーザーは${users}人で、最大数の${usersMax}人を超えています。このことだけで削除されるユーザーはいませんが、新しいユーザーは登録できないか、他のユーザーと入れ替わります。不要なユーザーを削除してください。`,
    "scope-changed": (item, scope) => `${item}：今後は${scope === "shared" ? "全機器で共有します" : "機器ごとに保存します"}。`,
    "number-moved": (entry, taken, number) => `${entry}：ワンタッチ番号${taken}は使用中のため、${number}に変わりました。`,
    "server-found": (address) => `サーバー機のアドレスが変わりました：${address}`,
    "edit-lost": (entry) => `${entry}：ほかの機器でのあとの変更が採用されました。本機での変更は履歴にあります。`,
    "edit-refused": (entry) => `${entry}：サーバー機が変更を受け付けませんでした。`,
    "stays-here": (entry) => `${entry}：送信できないため、本機だけに残ります。`,
    "not-applied": (entry, why) => `${entry}：${why}。`,
    "over-limit": (holding) => `${holding}：データがサーバー機の上限を超えているため、本機だけに残ります。`,
    "edits-wait": (edits) => `${edits}件の変更が送信を待っています。これ以上の変更は、空きができるまで本機に保存されます。`,
    undone: (edits) => `本機での変更${edits}件が、サーバーで取り消されました。内容は履歴にあります。`,
    "put-back": (owner, count) => `${owner}：${count}件を履歴から元に戻しました。`,
    "scope-replaced": (owner, count) =>
      `${owner}：項目が再び共有され、ほかの機器のデータが先に使われたため、本機の${count}件が置き換えられました。内容は履歴にあります。`,
    "export-prepared": (owners, minutes) =>
      `ユーザーデータを${minutes}分間エクスポートできます：${owners === "" ? "すべてのユーザーとグループ" : owners}`,
    "export-left-out": (count) =>
      `エクスポートしたアドレス帳に、${count}件が含まれていません。この形式では保存できません。ユーザーデータのファイルには含まれます。`,
    "import-left-out": (count) =>
      `インポートしたファイルの${count}件を取り込みませんでした。本機で扱えないか、ネットワークの場所の順番が異なります。`,
    "act-failed": () => "電源の切断で中断されたインポートまたは復元は、完了できませんでした。もう一度実行してください。",
    "took-over": (hadData) =>
      `失われたサーバー機に代わり、本機がサーバーになりました。${hadData ? "本機のサーバー機能にあった内容は履歴にあります。" : ""}`,
    "predecessor-back": {
      taken: "以前のサーバー機が戻り、サーバーの役割を本機に譲りました。以前のサーバー機だけにあった内容を引き継ぎました。",
      nothing: "以前のサーバー機が戻り、サーバーの役割を本機に譲りました。本機にない内容はありませんでした。",
      kept: "以前のサーバー機が戻り、サーバーの役割を本機に譲りました。以前のサーバー機だけにある内容は、バージョンが古いため、その機器に残っています。更新してください。",
    },
    "other-server": (address) =>
      `以前のサーバー機（${address}）が、まだサーバーとして動作しています。その機器のサーバー機能を停止してください。`,
    "epoch-begun": (machine) =>
      `${machine}に、このサーバーより新しいデータがあります。サーバーのデータに切り替わり、異なる内容は履歴に移りました。`,
    "places-differ": (machine) =>
      machine === undefined
        ? "ネットワークの場所の順番がサーバー機と異なります。同じ順番になるまで、キーチェーンは同期されません。"
        : `${machine}は、ネットワークの場所の順番が異なります。同じ順番になるまで、この機器のキーチェーンは同期されません。`,
    "function-failed": (which, againS) =>
      `${which === "server" ? "サーバー" : "クライアント"}機能に異常が起きました。${againS}秒後に再開します。`,
  },
  refused: {
    machine: (machine) => `${machine}への通知`,
    visitor: (address) => `${address}の機器への通知`,
    thisMachine: "本機",
    serverFunction: "サーバー機能",
    asTold: (machine) => `サーバー機能（${machine}からの通知）`,
    restore: "バックアップの復元",
    someOf: (refused, all, whose) => `${whose}、${all}件中${refused}件`,
    andMore: (entry, more) => `${entry}、ほか${more}件`,
  },
  noted: "ログの記録（英語）",
  detail: "サービス担当者向け（英語）",
  buttons: "共有ボタン",
};
