using Godwit.Faults;

namespace Godwit.Assess.Checks.Schema;

internal static class ExtensionsFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.extension_needed", "assess.extension_schema"];

    public static Finding Needed(string extension, string why, string needs, string ways) => new(
        "assess.extension_needed", Severity.Blocker,
        What: $"The extension {extension} cannot go along, and something needs it",
        Why: $"{why}; it is needed by {needs}",
        Remedy: "Give the columns a type of PostgreSQL's own and drop or change what else needs it, then run the "
            + "command again. A new type rewrites the table, which is locked meanwhile. With --accept, what "
            + $"is named is left out; for a column that means its whole table with all rows. At the source:\n{ways}");

    public static Finding NotHere(string named, string install) => new("assess.extension_not_here", Severity.Blocker,
        What: $"This machine has no package of extensions that the database needs ({named})",
        Why: "Heroku offers them; the Heroku of this rehearsal runs on this machine's PostgreSQL, which does not "
            + "have them installed",
        Remedy: "Change nothing at the source. Install them on this machine, as root (what Debian itself does not "
            + $"have is at apt.postgresql.org); no restart is needed. Then run the command again:\n{install}");

    public static Finding LeftOutHere(string named, string install) => new(
        "assess.extensions_not_here", Severity.Warning,
        What: $"Extensions are left out of this rehearsal that Heroku offers ({named})",
        Why: "this machine's PostgreSQL does not have them installed, and no column, index, view or function's head "
            + "needs them",
        Remedy: $"To rehearse with them, install them on this machine, as root, and run the command again: {install}");

    public static Finding Schema(string extension, string there, string here) => new(
        "assess.extension_schema", Severity.Blocker,
        What: $"The extension {extension} is in the schema {here}",
        Why: $"the target has it in the schema {there} only",
        Remedy: $"Move it at the source, with everything that says {here} in its code, if the extension allows it: "
            + $"ALTER EXTENSION {extension} SET SCHEMA {there};");

    /// <param name="why">For the first extension.</param>
    public static Finding NotOffered(string named, string why) => new("assess.extensions_not_offered", Severity.Warning,
        What: $"Extensions are left behind that the target does not offer ({named})",
        Why: $"{why}; no column, index, view or function's head needs them, but the bodies of functions and the "
            + "applications may",
        Remedy: "Look for their functions in your code. They and the rows of their own tables are left out of the "
            + "dump.");

    public static Finding Older(string named) => new("assess.extensions_older", Severity.Warning,
        What: $"The target has older versions of extensions ({named})",
        Why: "a dump names no version, so the target installs its own; what only the newer one has is missing there, "
            + "and a definition that uses it fails",
        Remedy: "Read the extension's notes on the versions between, or order the target yourself, with a newer "
            + "PostgreSQL: heroku addons:create heroku-postgresql:PLAN --app APP -- --version=NUMBER");

    public static Finding Refused(string named) => new("assess.extensions_refused", Severity.Warning,
        What: $"The restore will refuse extensions ({named})",
        Why: "the target does not have them, and --no-clean leaves them in the dump",
        Remedy: "Leave --no-clean out; nothing in the database needs them.");

    public static Finding Providers(string named, string provider) => new(
        "assess.extensions_of_provider", Severity.Note,
        What: $"Extensions of the provider are left behind ({named})",
        Why: $"they exist only at {provider}, and nothing in the database needs them",
        Remedy: "");

    public static Finding Published(string named, string asOf) => new("assess.extensions_published", Severity.Note,
        What: $"Heroku offers the other extensions by its published list ({named})",
        Why: $"the list is as of {asOf}; the database does not exist yet, and is asked itself as soon as it is there, "
            + "before anything is frozen",
        Remedy: "");

    public static Finding HerokuExt(string named) => new("assess.heroku_ext", Severity.Note,
        What: $"What is in the schema heroku_ext will be in public ({named})",
        Why: "Heroku's own schema for extensions was given up in 2023; the dump is rewritten",
        Remedy: "");

    public static Finding HerokuExtInFunctions(string named, string query) => new(
        "assess.heroku_ext_functions", Severity.Warning,
        What: $"Functions name the schema heroku_ext in their settings or in a text ({named})",
        Why: "extensions are in public at the target; names in the bodies of functions are rewritten, settings and "
            + "texts are not, and these functions may fail when they are called",
        Remedy: $"Replace heroku_ext by public in them, at the target after the move. See them with: {query}");
}
