namespace Godwit.Faults;

public static class OptionFaults
{
    public static Fault Options(string why, string remedy) => new("cli.options", FaultKind.Usage,
        What: "The command line cannot be used as it is",
        Why: why,
        Remedy: remedy);
}
