using System.Collections.Concurrent;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Copy.Rows;

/// <summary>Tables whose binary rows the target has refused. All workers then send their parts as text.</summary>
internal sealed class BinaryRefusals(CopyWatch watch)
{
    // SQLSTATEs of receive functions for bytes that they do not understand: data exceptions, wrong types and names, too
    // few or too many bytes, unsupported, too large. Some (tsquery, jsonb) report an internal error.
    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    private static readonly string[] DataErrors = ["22", "42", PostgresSession.ProtocolViolation, "0A", "54", "XX000"];

    // Exceptions to the classes above: text would be refused for the same reason.
    private static readonly string[] OtherErrors = [PostgresSession.InsufficientPrivilege,
        PostgresSession.UndefinedTable];

    private readonly ConcurrentDictionary<int, bool> _tables = new();

    /// <returns>The part in the format to use now.</returns>
    public RowPart Planned(RowPart part) =>
        _tables.ContainsKey(part.Entry.DumpId) ? part with { IsBinary = false } : part;

    /// <param name="e">What ended a binary part.</param>
    /// <returns>True: the target refused the rows' bytes. It may accept their text.</returns>
    public static bool IsOne(FaultException e) =>
        e.Fault.Code == CopyFaults.RowsRefusedCode && e.InnerException is FaultException answer
        && PostgresSession.StateOf(answer) is { } state
        && DataErrors.Any(one => state.StartsWith(one, StringComparison.Ordinal)) && !OtherErrors.Contains(state);

    /// <summary>Reports the refusal, once for each table.</summary>
    public void Add(RowPart part, FaultException e)
    {
        if (!_tables.TryAdd(part.Entry.DumpId, true))
            return;
        watch.Note("copy.binary_refused", $"The rows of {part.Title} are sent again as text",
            $"the target refused them in COPY's binary format: {e.Fault.Why}",
            "Text is what a dump carries, too. It takes longer; "
            + "`godwit verify` shows whether a value became another one.");
    }
}
