/** The items that are personalised, in Japanese. */
import type { AdminTexts } from "./admin-texts.ts";

export const jaItems: AdminTexts["items"] = {
  "display-language": "表示言語",
  "keyboard-layout": "キーボード配列",
  accessibility: "アクセシビリティー",
  "initial-screen": "初期画面",
  "personal-button": "マイボタン",
  timeline: "タイムライン",
  "home-settings": "ホーム画面の設定",
  "direct-connection": "ダイレクト接続",
  "default-job-settings": "ジョブのデフォルト設定",
  shortcut: "ショートカット",
  "previous-settings": "前回の設定",
  "personal-address": "個人の宛先",
  "group-address": "グループの宛先",
  "list-order": "リストの並び順",
  "automatic-printing": "自動プリント",
  keychain: "キーチェーン",
  "shared-button": "共有ボタン",
  "common-address": "共通の宛先",
};
