namespace Godwit.Faults;

/// <summary>An exception that is no fault: a defect of Godwit. What is said of it, and where its report is.</summary>
/// <param name="Message">Without any secret that the process knows.</param>
/// <param name="WhatToSend">How to get at the report: whole sentences.</param>
public sealed record Unforeseen(string Type, string Message, string WhatToSend)
{
    /// <summary>A message that quotes a whole document would bury what to do.</summary>
    private const int MessageMax = 1_000;

    /// <summary>Writes the report, where a command is running.</summary>
    public static Unforeseen Of(Exception e)
    {
        var message = Redactor.CleanOfAll(e.Message);
        return new(e.GetType().Name, message.Length > MessageMax ? message[..MessageMax] + " …" : message,
            Witness.Current?.Report(e) ?? "Send the two lines above.");
    }
}
