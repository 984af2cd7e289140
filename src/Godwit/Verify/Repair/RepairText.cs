using Godwit.Proof;

namespace Godwit.Verify.Repair;

/// <summary>Fixed texts of a script.</summary>
internal static class RepairText
{
    /// <summary>Sets the session's settings, which decide how a value is read.</summary>
    public static string Head(Verdict verdict) => $"""
        -- Makes the rows of {OneLine(verdict.Target)}
        -- equal to those of {OneLine(verdict.Source)}.
        -- Written by godwit verify, from both as they were at {verdict.BegunAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.
        -- Read it before you run it.
        --
        -- It is one transaction: all of it is done, or nothing. To be run at the target, by the owner of its tables:
        --     psql --set ON_ERROR_STOP=1 --file THIS "$TARGET_URL"
        --
        -- Rows are found by their key. A row of a table without one is found by a hash of all it holds, for which
        -- the table is read from beginning to end.
        -- Triggers of these tables are off while it runs, and on again before it ends: what they would do has been
        -- done at the source. The foreign keys of these tables are deferred to the end, and then as they were. Both
        -- takes a lock: whoever writes into these tables waits until it ends.
        -- session_replication_role, which would leave out both, is not used: it needs a superuser, and would not
        -- notice a reference that leads nowhere.
        -- A changed row that takes over a unique value of another row is deleted and inserted again. A foreign key
        -- that would then delete or change rows that refer to it (ON DELETE) is dropped first, and added again at the
        -- end. It is checked then, which reads both of its tables. Until the end nobody else can read these two.
        BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
        SET LOCAL client_encoding = 'UTF8';
        SET LOCAL standard_conforming_strings = on;
        SET LOCAL search_path = '';
        SET LOCAL TimeZone = 'UTC';
        SET LOCAL DateStyle = 'ISO, YMD';
        SET LOCAL IntervalStyle = postgres;
        SET LOCAL extra_float_digits = 3;
        SET LOCAL bytea_output = hex;
        SET LOCAL xmloption = content;
        SET LOCAL lc_monetary = 'C';
        SET LOCAL row_security = off;
        SET LOCAL statement_timeout = 0;
        SET LOCAL idle_in_transaction_session_timeout = 0;
        """.ReplaceLineEndings("\n");

    public static IEnumerable<string> Added(RepairReference reference)
    {
        yield return $"ALTER TABLE {reference.Owner} ADD CONSTRAINT {reference.Constraint} {reference.Definition};";
        if (reference.Comment is { } comment)
            yield return $"COMMENT ON CONSTRAINT {reference.Constraint} ON {reference.Owner} IS {comment};";
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
