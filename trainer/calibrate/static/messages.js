/** Every word of the page, in Indonesian and English. */
export const MESSAGES = {
  id: {
    title: "Tandai punggung",
    photo: "Gambar punggung; klik untuk menaruh titik, seret untuk menggeser",
    frame: "Pilih gambar yang tajam",
    grid: "tampilkan kisi (5 cm)",
    guide: "Gambar pemandu: letak titik pada punggung",
    points: "Titik-titik punggung",
    measured: "Jarak C7–T7 bila diukur",
    measuredWhy: "Boleh kosong. Diukur dengan pita mengikuti kulit, hasil dalam cm menjadi lebih teliti.",
    measuredByMarkers: "Diambil dari ukuran penanda cetak; ganti bila diukur dengan pita.",
    marked: (/** @type {number | string} */ n) => `${n} titik diambil dari penanda cetak. Geser hanya bila penandanya salah tempat.`,
    byMarker: "dari penanda",
    step: (/** @type {number | string} */ n) => `Titik ${n} dari 12`,
    hintPlace: "Klik pada gambar untuk menaruh titik ini.",
    hintMove: "Seret, atau tombol panah untuk menggeser (Shift: lebih jauh, Alt: lebih halus). Delete menghapus.",
    automatic: "otomatis",
    needMore: (/** @type {number | string} */ n) => `Tandai ${n} titik lagi, tidak semuanya di tulang belakang.`,
    check: "Lihat kisi: garis hijau harus mengikuti tulang belakang, garis putih tepi belikat, garis kuning rusuk 5 dan 6.",
    save: "Simpan",
    saving: "Menyimpan …",
    saved: "Tersimpan",
    close: "Halaman ini boleh ditutup.",
    gone: "Program sudah berhenti. Jalankan lagi `pijat calibrate`.",
    notNumber: "Jarak harus berupa angka dalam cm, misalnya 17,5.",
    seconds: (/** @type {string} */ s) => `detik ${s}`,
    sharpest: "paling tajam",
    previous: "Gambar sebelumnya",
    next: "Gambar berikutnya",
    left: "kiri",
    right: "kanan",
  },
  en: {
    title: "Mark the back",
    photo: "Picture of the back; click to place a point, drag to move it",
    frame: "Choose a sharp picture",
    grid: "show grid (5 cm)",
    guide: "Guide: where the point lies on the back",
    points: "Points of the back",
    measured: "C7–T7 distance, if measured",
    measuredWhy: "May stay empty. Measured with a tape along the skin, it makes the centimetres more exact.",
    measuredByMarkers: "Taken from the size of the printed markers; replace it if you measured with a tape.",
    marked: (/** @type {number | string} */ n) => `${n} points come from the printed markers. Move one only if its marker is misplaced.`,
    byMarker: "from its marker",
    step: (/** @type {number | string} */ n) => `Point ${n} of 12`,
    hintPlace: "Click on the picture to place this point.",
    hintMove: "Drag it, or use the arrow keys (Shift: farther, Alt: finer). Delete removes it.",
    automatic: "automatic",
    needMore: (/** @type {number | string} */ n) => `Mark ${n} more, not all on the spine.`,
    check: "Look at the grid: green should run along the spine, white around the shoulder blades, yellow along ribs 5 and 6.",
    save: "Save",
    saving: "Saving …",
    saved: "Saved",
    close: "You may close this page.",
    gone: "The program has stopped. Run `pijat calibrate` again.",
    notNumber: "The distance must be a number in cm, for example 17.5.",
    seconds: (/** @type {string} */ s) => `second ${s}`,
    sharpest: "sharpest",
    previous: "Previous picture",
    next: "Next picture",
    left: "left",
    right: "right",
  },
};

/** @type {Record<Calibrate.Language, Record<string, string>>} */
const side = {
  id: { left: "kiri ibu", right: "kanan ibu" },
  en: { left: "her left", right: "her right" },
};

/** @type {Record<string, Record<Calibrate.Language, [string, string]>>} */
const POINTS = {
  C7: {
    id: ["C7, tonjolan leher", "Tonjolan tulang yang paling menonjol di pangkal leher. Paling jelas bila kepala menunduk."],
    en: ["C7, bump of the neck", "The bone that stands out most at the base of the neck, clearest with the head bent."],
  },
  T7: {
    id: ["T7, tulang belakang", "Di tulang belakang, setinggi ujung bawah kedua tulang belikat."],
    en: ["T7, on the spine", "On the spine, level with the lower tips of the shoulder blades."],
  },
  T12: {
    id: ["T12, tulang belakang", "Di tulang belakang, tempat rusuk terbawah bertemu: kira-kira 12 cm di bawah T7."],
    en: ["T12, on the spine", "On the spine where the lowest rib meets it: about 12 cm below T7."],
  },
  T3: {
    id: ["T3, tulang belakang", "Di tulang belakang, setinggi pangkal tulang belikat (ujung dalam bubungannya)."],
    en: ["T3, on the spine", "On the spine, level with the inner ends of the ridges of the shoulder blades."],
  },
  scapula_inferior_angle: {
    id: ["ujung bawah belikat", "Ujung paling bawah tulang belikat."],
    en: ["lower tip of the blade", "The lowest tip of the shoulder blade."],
  },
  scapula_spine_root: {
    id: ["pangkal belikat", "Ujung dalam bubungan tulang belikat, di dekat tulang belakang."],
    en: ["root of the blade's ridge", "The inner end of the ridge of the shoulder blade, near the spine."],
  },
  rib_angle: {
    id: ["lengkung rusuk 5–6", "Lekuk rusuk 5–6: setengah jalan antara kedua titik belikat, sekitar 6 cm dari tulang belakang."],
    en: ["bend of ribs 5–6", "Where ribs 5–6 bend: half-way between the blade's two points, about 6 cm from the spine."],
  },
  acromion: {
    id: ["puncak bahu", "Tulang pipih di atas bahu, di ujung luarnya."],
    en: ["top of the shoulder", "The flat bone on top of the shoulder, at its outer end."],
  },
};

/** Landmarks that come in pairs, from the top down. */
export const PAIRS = ["acromion", "scapula_spine_root", "rib_angle", "scapula_inferior_angle"];

/** In the order in which they are best marked: the surest first. */
export const ORDER = [
  "C7", "T7", "left_scapula_inferior_angle", "right_scapula_inferior_angle", "T12", "T3",
  "left_scapula_spine_root", "right_scapula_spine_root", "left_rib_angle", "right_rib_angle", "left_acromion", "right_acromion",
];

/**
 * Name and place of a landmark: [short name, sentence].
 * @param {string} landmark
 * @param {Calibrate.Language} lang
 * @returns {[string, string]}
 */
export function describe(landmark, lang) {
  const [first, ...rest] = landmark.split("_");
  if (first !== "left" && first !== "right") return POINTS[landmark][lang];
  const [name, where] = POINTS[rest.join("_")][lang];
  return [`${name}, ${side[lang][first]}`, where];
}
