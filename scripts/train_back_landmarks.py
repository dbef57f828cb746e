"""Train models/back_landmarks.onnx on rendered pictures.

    python -m scripts.render_back_landmarks OUT --seed 0 --scenes 1200      # the pictures (hours on one core)
    python -m scripts.train_back_landmarks OUT --out models/back_landmarks.onnx --minutes 60

The folder may grow while training goes on: it is read again at the start of every pass. Interrupted
training goes on from the checkpoint beside the model. Everything random comes from ``--seed``; two runs
differ only in how many steps fit into the time limit.
"""

import logging
from pathlib import Path

from scripts.common.arguments import argument_parser


def main() -> None:
    """Train, or write the model of a checkpoint."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("folders", type=Path, nargs="+", help="folders of scripts/render_back_landmarks.py")
    parser.add_argument("--out", type=Path, default=Path("models/back_landmarks.onnx"))
    parser.add_argument("--checkpoint", type=Path, default=Path("back_landmarks.pt"))
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    parser.add_argument(
        "--minutes", type=float, default=60.0, help="wall-clock limit; the rate falls to zero at its end"
    )
    parser.add_argument("--steps", type=int, default=None, help="stop after so many steps instead")
    parser.add_argument("--easy", type=int, default=40_000, help="pictures over which it grows hard")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--echo", type=int, default=4, help="times an example is used on average")
    parser.add_argument("--pool", type=int, default=4096, help="examples kept for that")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--backbone-share", type=float, default=0.1, help="its rate over the decoder's")
    parser.add_argument(
        "--rest", type=float, default=0.25, help="share of the time in which only the decoder learns"
    )
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--export-only", action="store_true")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    import torch

    from scripts.backnet.export import export_onnx
    from scripts.backnet.training import Recipe, Training

    torch.set_num_threads(args.threads)
    names = ("minutes", "steps", "easy", "batch", "echo", "pool", "rate", "backbone_share", "rest", "seed")
    training = Training(Recipe(**{name: getattr(args, name) for name in names}))
    if args.resume or args.export_only:
        training.resume(args.checkpoint)
    else:
        training.begin()
    if not args.export_only:
        training.run(args.folders, args.checkpoint)
    export_onnx(training.mean, args.out)


if __name__ == "__main__":
    main()
