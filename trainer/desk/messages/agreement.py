"""Words of the page on agreement."""

from trainer.language import Text

WORDS: dict[str, Text] = {
    "agreement_title": Text("Kesepakatan penilai", "Agreement of graders"),
    "agreement_text": Text(
        "Hanya penilaian yang ditandatangani. Yang tidak terlihat oleh salah satu tidak dihitung; jumlahnya disebut.",
        "Signed gradings only. What one of the two did not observe is not counted, and how often is said.",
    ),
    "agreement_none": Text(
        "Belum ada sesi yang dinilai dan ditandatangani untuk protokol ini.",
        "No session of this protocol was graded and signed yet.",
    ),
    "agreement_hidden": Text(
        "{count} sesi tidak diikutkan sampai Anda menandatangani penilaian buta Anda.",
        "{count} sessions are left out until you have signed your blind gradings.",
    ),
    "blind_only": Text("hanya penilaian buta", "blind gradings only"),
    "blind_only_why": Text(
        "Penilai yang melihat putusan kamera tidak bebas darinya: kesepakatan yang jujur memerlukan penilaian buta.",
        "Who sees the camera's verdict is not independent of it: honest agreement needs blind gradings.",
    ),
    "raters": Text("Penilai", "Raters"),
    "every_facilitator": Text("semua fasilitator", "all facilitators"),
    "sessions_both": Text("Sesi", "Sessions"),
    "ratings": Text("Nilai", "Ratings"),
    "left_out": Text("Tidak ikut", "Left out"),
    "percent_agreement": Text("Sama", "Same"),
    "kappa": Text("Kappa", "Kappa"),
    "weighted_kappa": Text("Kappa berbobot", "Weighted kappa"),
    "kappa_note": Text(
        "Kappa Cohen; bobot kuadrat pada skala bertingkat. ICC(2,1) jumlah nilai, selang 95 %.",
        "Cohen's kappa; quadratic weights on graded scales. ICC(2,1) of the totals, 95 % interval.",
    ),
    "icc": Text("ICC jumlah", "ICC of totals"),
    "mean_difference": Text("Beda rata-rata", "Mean difference"),
    "who_is_stricter": Text(
        "kedua dikurangi pertama, angka skala", "second minus first, points of the scale"
    ),
    "per_item": Text("Per butir: {first} dan {second}", "Item by item: {first} and {second}"),
    "differ_title": Text("Sesi yang paling berbeda", "Sessions that differ most"),
    "differ_text": Text(
        "Dari sinilah paling banyak dipelajari: buka dan lihat bersama.",
        "These teach most: open them and look together.",
    ),
    "differ_none": Text("Tidak ada sesi yang berbeda.", "No session differs."),
    "difference": Text("Beda", "Difference"),
    "percent_points": Text("poin persen", "percentage points"),
    "items_differ": Text("Butir yang berbeda", "Items that differ"),
    "details": Text("Rincian", "Details"),
    "many_ratings": Text(
        "Penilaian sangat banyak: hanya satu pasang dihitung sekaligus. Pilih pasangan:",
        "Very many ratings: one pair is computed at a time. Choose a pair:",
    ),
    "not_computed": Text("tidak dihitung", "not computed"),
    "total_bias": Text("beda jumlah {value} poin persen", "totals differ by {value} percentage points"),
}
