/** Japanese: why a row is greyed out, and notices that need no figures. */
import { jaAddressWhy } from "./ja-address.ts";
import { jaOwnWhy } from "./ja-own.ts";
import type { Texts } from "./texts.ts";

export const jaWhy: Texts["why"] = {
  ...jaAddressWhy,
  ...jaOwnWhy,
  "scope-fixed": "この項目は必ず共有されます。機器ごとに保存できるのは、タイムライン、ジョブのデフォルト設定、前回の設定だけです。",
  "nothing-ticked": "まだ何も選択されていません。対象のユーザーやグループの行でOKを押してください。",
  "users-policy-locked":
    "サーバー機能とクライアント機能の両方が動作している間は、最も古いユーザー設定が削除されます。選ぶには、どちらかを停止してください。",
  "save-first": "確認するのは、保存されているNTPサーバーです。先にアドレスを入力して保存してください。",
  "log-in-first": "ユーザーごとの機能です。先にIDキーを押してログインしてください。",
  "administrators-only": "管理者だけが使えます。IDキーを押して、管理者としてログインしてください。",
  "shared-by-administrators":
    "共有ボタンは全員に表示されるため、変更できるのは管理者だけです。IDキーを押して、管理者としてログインしてください。",
  "name-missing": "名前が入力されていません。名前の行を選んで入力してください。",
  "account-missing": "サーバー機の管理者名が入力されていません。その行を選んで入力してください。",
  "buttons-full": "これ以上ボタンを追加できません。不要なボタンを削除してください。",
};

export const jaNotices: Texts["notices"] = {
  "wrong-password": {
    what: "パスワードが違います。",
    why: "このユーザーのパスワードではありません。",
    next: "戻るキーを押して、入力し直してください。大文字と小文字に注意してください。",
  },
  "unknown-user": {
    what: "このユーザーはログインできません。",
    why: "このユーザーは、本機に登録されていません。",
    next: "戻るキーを押して、別のユーザーを選んでください。",
  },
  gone: {
    what: "この登録はもうありません。",
    why: "本機またはほかの機器で削除されました。",
    next: "戻るキーを押してください。",
  },
  "job-running": {
    what: "開始されませんでした。",
    why: "本機で別のジョブを実行中です。",
    next: "終わるまで待つか、ストップキーで中止してから、もう一度開始してください。",
  },
  late: {
    what: "まだ応答がありません。",
    why: "本機が処理中か、保存領域が反応していません。",
    next: "やり直す前に、完了しているかどうかを確認してください。",
  },
  "not-the-server": {
    what: "何も開始されず、何も送信されていません。",
    why: "このアドレスで応答した機器は、フィンガープリントを確認した機器ではありません。",
    next: "アドレスを確認してください。正しい場合は、第三者が割り込んでいる可能性があるので、ネットワーク管理者に連絡してください。",
  },
  "destination-copied": {
    what: "宛先をボタンにコピーしました。",
    why: "後で宛先表を変更しても、ボタンの宛先は変わりません。パスワードはコピーされません。",
    next: "ボタンはホームにあります。",
  },
  restarting: { what: "本機を再起動します。", why: "", next: "約1分かかります。電源を切らないでください。" },
};
