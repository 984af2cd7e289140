using Godwit.Dump;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Proof;

namespace Godwit.App.Cli;

/// <summary>The one place that maps outcomes to exit codes. <c>--help</c> prints the table.</summary>
public static class ExitCodes
{
    public const int Proven = 0;
    public const int Refused = 1;
    public const int Usage = 2;
    public const int FailedAndUndone = 3;
    public const int NeedsAPerson = 4;

    public static IReadOnlyList<(int Code, string Meaning)> Table { get; } =
    [
        (Proven, "done, and proven"),
        (Refused, "refused before anything was changed, or differences were found"),
        (Usage, "the command line, a URL or a file is wrong"),
        (FailedAndUndone, "failed, and everything was put back as it was; or equality could not be proven"),
        (NeedsAPerson, "failed, and something is left that a person has to look at"),
    ];

    public static int Of(RunOutcome outcome) => outcome switch
    {
        RunOutcome.Proven or RunOutcome.RolledBack or RunOutcome.Rehearsed => Proven,
        RunOutcome.Refused or RunOutcome.RehearsalDiffers => Refused,
        RunOutcome.FailedAndUndone => FailedAndUndone,
        _ => NeedsAPerson,
    };

    /// <summary>For a dump that had begun. Code 4: it failed and left something behind.</summary>
    public static int Of(DumpOutcome outcome) => outcome switch
    {
        { Written: not null } => Proven,
        { Left: null } => FailedAndUndone,
        _ => NeedsAPerson,
    };

    public static int Of(Overall overall) => overall switch
    {
        Overall.Proven or Overall.ProvenExcept => Proven,
        Overall.Differs => Refused,
        _ => FailedAndUndone,
    };

    /// <summary>For a command without a run, which has nothing to undo.</summary>
    public static int Of(FaultKind kind) => kind switch
    {
        FaultKind.Usage => Usage,
        FaultKind.Refused => Refused,
        FaultKind.Transient => FailedAndUndone,
        _ => NeedsAPerson,
    };
}
