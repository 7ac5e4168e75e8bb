// The few words of the element, in five languages.
const WORDS = {
  en: {
    before: "Before", after: "After", divider: "Divider between before and after", marks: "Show the marks",
    new: "New", gone: "Gone", both: "On both dates", undecided: "Undecided", outside: "Not compared",
    missing: "Two images are needed: before and after.", "no-image": "An image could not be loaded.", "no-data": "The marks could not be loaded.",
  },
  ko: {
    before: "이전", after: "이후", divider: "이전과 이후의 경계", marks: "표시 보이기",
    new: "새로 나타남", gone: "사라짐", both: "두 날짜 모두", undecided: "판단 불가", outside: "비교 안 됨",
    missing: "이전과 이후, 두 영상이 필요합니다.", "no-image": "영상을 불러오지 못했습니다.", "no-data": "표시를 불러오지 못했습니다.",
  },
  ru: {
    before: "До", after: "После", divider: "Граница между снимками", marks: "Показать отметки",
    new: "Новые", gone: "Исчезли", both: "В обе даты", undecided: "Не решено", outside: "Не сравнивались",
    missing: "Нужны два снимка: до и после.", "no-image": "Не удалось загрузить снимок.", "no-data": "Не удалось загрузить отметки.",
  },
  zh: {
    before: "之前", after: "之后", divider: "前后影像的分界", marks: "显示标记",
    new: "新增", gone: "消失", both: "两日均有", undecided: "无法判断", outside: "未比较",
    missing: "需要前后两幅影像。", "no-image": "无法加载影像。", "no-data": "无法加载标记。",
  },
  ja: {
    before: "前", after: "後", divider: "前と後の境界", marks: "印を表示",
    new: "新たに出現", gone: "なくなった", both: "両日とも", undecided: "判断不能", outside: "比較対象外",
    missing: "前と後の二つの画像が必要です。", "no-image": "画像を読み込めませんでした。", "no-data": "印を読み込めませんでした。",
  },
};

/** A speaker of the language that is nearest to a tag; it also says dates. */
export function words(tag) {
  const language = String(tag ?? "").toLowerCase().split("-")[0];
  const own = WORDS[language] ?? WORDS.en;
  const say = (key) => own[key];
  say.date = (iso) => {
    const day = /^\d{4}-\d{2}-\d{2}/.exec(iso ?? "")?.[0];
    if (!day) return iso ?? "";
    const format = new Intl.DateTimeFormat(WORDS[language] ? language.replace("en", "en-GB") : "en-GB", { dateStyle: "long", timeZone: "UTC" });
    return Number.isNaN(Date.parse(day)) ? day : format.format(new Date(day));
  };
  return say;
}
