//! The examples in the help of each subcommand.

/// Returns the examples of a subcommand, one in each line.
pub(crate) fn of(subcommand: &str) -> &'static [&'static str] {
    match subcommand {
        "search" => &[
            "ecwid-coupons search --status ACTIVE",
            "ecwid-coupons search --updated-from 2024-06-30 --format csv --output coupons.csv",
            "ecwid-coupons search --all-stores --fields code,discount,expirationDate",
        ],
        "get" => &[
            "ecwid-coupons get FIRST",
            "ecwid-coupons get FIRST --format json",
            "ecwid-coupons get --id 162428889 --fields code,status,orderCount",
        ],
        "create" => &[
            "ecwid-coupons create --name \"10% OFF\" --code FIRST --discount-type PERCENT --discount 10",
            "ecwid-coupons create --json coupon.json --code SECOND",
            "ecwid-coupons create --name Free --code SHIP --discount-type SHIPPING --uses-limit SINGLE",
        ],
        "update" => &[
            "ecwid-coupons update FIRST --status PAUSED",
            "ecwid-coupons update FIRST --discount 12.50 --expiration-date 2030-01-01",
            "ecwid-coupons update FIRST --clear expiration-date --clear total-limit",
        ],
        "delete" => &[
            "ecwid-coupons delete FIRST",
            "ecwid-coupons delete FIRST SECOND --if-unused --format json",
            "ecwid-coupons delete --code 123",
        ],
        "issue" => &[
            "ecwid-coupons issue --pattern 'VIP-[4]-[4]-[4]' --count 100 --json vip.json --dry-run",
            "ecwid-coupons issue --pattern 'GIFT-[*]' --count 20 --name Gift --discount 5 --job gift.job",
            "ecwid-coupons issue --from people.csv --pattern 'TY-[*]' --json thanks.json --job thanks.job",
        ],
        "import" => &[
            "ecwid-coupons import coupons.xlsx --dry-run",
            "ecwid-coupons import coupons.csv --map 'Rabatt=discount' --decimal comma --job coupons.job",
            "ecwid-coupons import coupons.csv --on-existing update --yes",
        ],
        "job" => &[
            "ecwid-coupons job run spring.job",
            "ecwid-coupons job report spring.job --format csv > codes.csv",
            "ecwid-coupons job undo spring.job --yes",
        ],
        "pull" => &[
            "ecwid-coupons pull > coupons.toml",
            "ecwid-coupons pull --codes 'SUMMER-*' VIP > summer.toml",
            "ecwid-coupons pull --store outlet > outlet.toml",
        ],
        "plan" => &[
            "ecwid-coupons plan coupons.toml",
            "ecwid-coupons plan coupons.toml --exit-code > differences.txt",
            "ecwid-coupons plan summer.toml --prune pause --out plan.json",
        ],
        "apply" => &[
            "ecwid-coupons apply coupons.toml",
            "ecwid-coupons apply plan.json --yes",
            "ecwid-coupons apply summer.toml --prune delete --max-removals 50 --job summer.job",
        ],
        "schema" => &["ecwid-coupons schema > coupons.schema.json"],
        "sync" => &[
            "ecwid-coupons sync --to coupons.sqlite",
            "ecwid-coupons sync --to coupons.sqlite --all-stores --format jsonl",
            "ecwid-coupons sync --to coupons.sqlite --mode full --max-delete 100%",
        ],
        "check" => &[
            "ecwid-coupons check",
            "ecwid-coupons check --all-stores --write",
            "ecwid-coupons check --store outlet --format json",
        ],
        "config" => &[
            "ecwid-coupons config show",
            "ecwid-coupons config show --all-stores",
            "ecwid-coupons config show --store outlet --format json",
        ],
        "sandbox" => &[
            "ecwid-coupons sandbox",
            "ecwid-coupons sandbox --port 0 --db store.sqlite --seed 1000",
            "ecwid-coupons sandbox --fidelity",
        ],
        "completions" => &[
            "ecwid-coupons completions bash > ~/.local/share/bash-completion/completions/ecwid-coupons",
            "ecwid-coupons completions zsh > \"${fpath[1]}/_ecwid-coupons\"",
            "ecwid-coupons completions fish > ~/.config/fish/completions/ecwid-coupons.fish",
        ],
        "demo" => &["ecwid-coupons demo"],
        _ => &[],
    }
}
