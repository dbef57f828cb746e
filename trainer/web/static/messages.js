// Every word of the page, in both languages. Keys are the same in both; a test holds them to that.
import { all } from "./dom.js";

export const TEXTS = {
  id: {
    language: "Bahasa", sound_on: "Suara menyala", sound_off: "Suara mati",
    connecting: "Menyiapkan Pijat …", reconnecting: "Sambungan terputus. Mencoba lagi … Yang sudah direkam tetap tersimpan.",
    welcome: "Belajar pijat oksitosin", welcome_text: "Pijat melihat lewat kamera, memberi petunjuk selagi Anda memijat, lalu menilai. Semua tetap di komputer ini.",
    protocol: "Cara pijat", mode: "Cara berlatih", mode_coach: "Latihan", mode_coach_text: "dengan petunjuk", mode_assess: "Penilaian", mode_assess_text: "tanpa petunjuk sampai selesai",
    video_kept: "Video", keep_video: "Simpan video di komputer ini (ibu sudah setuju)", blur_head: "Samarkan kepala ibu",
    next: "Lanjut", back: "Kembali", skip_lesson: "Langsung ke kamera", to_setup: "Ke kamera",
    step_of: "Langkah {n} dari {all}", seen_by_camera: "Kamera menilai langkah ini.", seen_by_facilitator: "Fasilitator menilai langkah ini.",
    thumbs_move: "Titik berwarna: kedua ibu jari Anda. Putus-putus: daerah pijat.",
    camera_picture: "Gambar kamera dengan tangan dan punggung yang ditemukan", setup_title: "Atur kamera",
    camera: "Kamera", camera_n: "Kamera {n}",
    mark_back: "Tandai punggung", mark_done: "Selesai menandai", find_back: "Cari punggung lagi", mirror: "Cermin",
    facilitator: "Diisi fasilitator", start: "Mulai memijat", mark_hint: "Geser tiap titik ke tempatnya pada punggung, lalu tekan Selesai menandai. Titik putus-putus belum ditandai.", start_hint: "Hitungan mundur 5 detik, lalu mulai.", start_anyway: "Tetap mulai",
    place_title: "Letak kamera", place_above: "Dari atas", place_front: "Dari depan ibu", before_practice: "Sebelum berlatih",
    place_text: "Di kiri atau kanan ibu: 1 meter dari punggungnya dan 1 meter lebih tinggi, miring ke punggung. Leher sampai pinggang memenuhi separuh gambar.",
    place_short: "1 meter dari punggung ibu, 1 meter lebih tinggi.",
    place_why: "Jangan di belakang Anda: badan Anda menutupi tangan. Jangan rendah: tangan yang satu menutupi yang lain.",
    trend_better: "↗ lebih baik dari tadi", trend_worse: "↘ lebih buruk dari tadi", trend_mended: "· sudah diperbaiki",
    now: "Sekarang", all_done: "Semua langkah sudah. Teruskan sampai waktunya habis.", remaining: "sisa waktu", elapsed: "sudah berjalan", rounds: "rangkaian",
    side_left: "kiri ibu", side_right: "kanan ibu", circles: "Putaran", passes: "Usapan", rate: "Kecepatan", per_second: "{n}/detik",
    breathe_in: "Tarik napas", breathe_out: "Embuskan", metronome: "Metronom", pause: "Jeda", resume: "Lanjutkan", finish: "Selesai",
    stop: "BERHENTI", stop_text: "ibu sakit atau tidak nyaman", stopped_title: "Pijat dihentikan", stopped_text: "Hentikan pijatan dan tanyakan keadaan ibu. Waktu berhenti sudah dicatat. Bila nyeri tidak hilang, hubungi bidan.", understood: "Mengerti",
    status: "{fps} gambar/detik · jawaban {ms} ms · terlewat {dropped} · {size}",
    paused_person: "Jeda. Tekan Lanjutkan untuk meneruskan.", paused_hidden: "Jeda karena halaman ini tersembunyi.", paused_camera: "Kamera terputus. Sambungkan lagi; latihan berlanjut sendiri.", paused_connection: "Halaman dimuat ulang. Latihan Anda masih ada: tekan Lanjutkan.", no_pictures: "Tidak ada gambar dari kamera. Periksa kamera; latihan berlanjut sendiri.", loading_models: "Menyiapkan pengenal tangan …", saving: "Menyimpan dan menilai …",
    no_camera: "Tidak ada kamera. Sambungkan kamera, lalu pilih di daftar Kamera.", camera_refused: "Izin kamera ditolak. Klik gambar kamera di baris alamat, pilih Izinkan, lalu muat ulang halaman ini.", camera_busy: "Kamera dipakai program lain. Tutup program itu, lalu pilih kameranya lagi.",
    other_tab: "Latihan sedang berjalan di tab lain.", use_here: "Latihan di sini", restart_page: "Halaman ini dari versi lain. Muat ulang halaman ini.",
    recovered: "Latihan yang terputus sudah diselamatkan:", open_report: "Buka laporan", again: "Coba lagi", other_choices: "Ubah pilihan",
    checklist: "Daftar tilik", met: "terpenuhi", partly_met: "sebagian", not_met: "belum", not_observed: "tidak terlihat", to_be_confirmed: "fasilitator", done: "Ya", not_done: "Belum",
    passed: "Lulus", not_yet: "Belum lulus", too_little: "Terlalu sedikit yang terlihat", score_line: "{points} dari {max} butir yang terlihat ({percent} %). Lulus mulai {mark} %.", nothing_seen: "Kamera tidak melihat cukup untuk menilai. Atur kamera, lalu coba lagi.",
    saved: "Sesi {session} tersimpan di komputer ini.", good_all: "Semua yang terlihat kamera sudah baik.", go: "Mulai!",
    learn: "Belajar", practise: "Latihan", summary: "Hasil", setup: "Kamera",
  },
  en: {
    language: "Language", sound_on: "Sound on", sound_off: "Sound off",
    connecting: "Getting Pijat ready …", reconnecting: "The connection is gone. Trying again … What was recorded is kept.",
    welcome: "Learn oxytocin massage", welcome_text: "Pijat watches through the camera, guides you while you massage, then scores. Everything stays on this computer.",
    protocol: "Technique", mode: "How to practise", mode_coach: "Practice", mode_coach_text: "with guidance", mode_assess: "Assessment", mode_assess_text: "no guidance until the end",
    video_kept: "Video", keep_video: "Keep the video on this computer (the mother agreed)", blur_head: "Blur the mother's head",
    next: "Next", back: "Back", skip_lesson: "Straight to the camera", to_setup: "To the camera",
    step_of: "Step {n} of {all}", seen_by_camera: "The camera judges this step.", seen_by_facilitator: "The facilitator judges this step.",
    thumbs_move: "Coloured dots: your two thumbs. Dashed: the area to massage.",
    camera_picture: "Camera picture with the hands and the back that were found", setup_title: "Set up the camera",
    camera: "Camera", camera_n: "Camera {n}",
    mark_back: "Mark the back", mark_done: "Marking done", find_back: "Find the back again", mirror: "Mirror",
    facilitator: "For the facilitator", start: "Start the massage", mark_hint: "Drag each point to its place on the back, then press Marking done. Dashed points are not marked yet.", start_hint: "Five seconds of countdown, then begin.", start_anyway: "Start anyway",
    place_title: "Where the camera goes", place_above: "From above", place_front: "From the mother's front", before_practice: "Before you practise",
    place_text: "To the mother's left or right: 1 metre from her back and 1 metre above it, tilted down to her back. Neck to waist fill half of the picture.",
    place_short: "1 metre from her back, 1 metre above it.",
    place_why: "Not behind you: your body hides the hands. Not low: one hand hides the other.",
    trend_better: "↗ better than before", trend_worse: "↘ worse than before", trend_mended: "· now mended",
    now: "Now", all_done: "All steps are done. Go on until the time is up.", remaining: "time left", elapsed: "so far", rounds: "rounds",
    side_left: "her left", side_right: "her right", circles: "Circles", passes: "Strokes", rate: "Speed", per_second: "{n}/second",
    breathe_in: "Breathe in", breathe_out: "Breathe out", metronome: "Metronome", pause: "Pause", resume: "Go on", finish: "Finish",
    stop: "STOP", stop_text: "pain or discomfort", stopped_title: "The massage is stopped", stopped_text: "Stop massaging and ask the mother how she feels. The time is noted. If the pain does not go away, call the midwife.", understood: "Understood",
    status: "{fps} pictures/s · answer {ms} ms · dropped {dropped} · {size}",
    paused_person: "Paused. Press Go on to continue.", paused_hidden: "Paused because this page was hidden.", paused_camera: "The camera is gone. Connect it again; practice goes on by itself.", paused_connection: "The page was loaded again. Your practice is still there: press Go on.", no_pictures: "No pictures come from the camera. Check it; practice goes on by itself.", loading_models: "Getting the hand finder ready …", saving: "Saving and scoring …",
    no_camera: "There is no camera. Connect one, then choose it in the Camera list.", camera_refused: "The camera was not allowed. Click the camera sign in the address bar, choose Allow, then load this page again.", camera_busy: "Another program uses the camera. Close it, then choose the camera again.",
    other_tab: "A practice is running in another tab.", use_here: "Practise here", restart_page: "This page is of another version. Load it again.",
    recovered: "A practice that was cut off has been saved:", open_report: "Open the report", again: "Try again", other_choices: "Change choices",
    checklist: "Checklist", met: "met", partly_met: "partly met", not_met: "not yet", not_observed: "not seen", to_be_confirmed: "facilitator", done: "Yes", not_done: "Not yet",
    passed: "Passed", not_yet: "Not passed yet", too_little: "Too little was seen", score_line: "{points} of {max} points that were seen ({percent} %). Pass mark {mark} %.", nothing_seen: "The camera saw too little to score. Set it up again and try once more.",
    saved: "Session {session} is saved on this computer.", good_all: "All that the camera saw is good.", go: "Go!",
    learn: "Learn", practise: "Practise", summary: "Result", setup: "Camera",
  },
};

/** @type {Practice.Language} */
let language = "id";

/** @param {string} next */
export function setLanguage(next) {
  language = next === "en" ? "en" : "id";
  document.documentElement.lang = language;
  for (const element of all(document, "[data-t]", HTMLElement)) element.textContent = t(element.dataset.t ?? "");
  for (const element of all(document, "[data-t-label]", Element)) element.setAttribute("aria-label", t(element.getAttribute("data-t-label") ?? ""));
  for (const button of all(document, "[data-language]", HTMLElement)) button.setAttribute("aria-pressed", String(button.dataset.language === language));
}

export const currentLanguage = () => language;

/**
 * The word of that key, with {places} filled in.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  /** @type {Record<string, string>} */
  const words = TEXTS[language];
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * A text that comes in both languages.
 * @param {Practice.Text | null | undefined} text
 */
export const say = (text) => (text ? text[language] ?? text.en : "");

/**
 * A number as this language writes it.
 * @param {number | null | undefined} value
 * @param {number} [digits]
 */
export const number = (value, digits = 0) =>
  value == null ? "–" : value.toLocaleString(language === "id" ? "id-ID" : "en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
