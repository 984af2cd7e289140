namespace Godwit.Faults;

/// <summary>An exception that is not a fault: a defect of Godwit, and where its report is.</summary>
/// <param name="Message">Cleaned of all known secrets.</param>
/// <param name="WhatToSend">How to send the report; whole sentences.</param>
public sealed record Unforeseen(string Type, string Message, string WhatToSend)
{
    // Characters. A longer message would hide the remedy.
    private const int MessageMax = 1_000;

    /// <summary>Also writes the report if a command is running.</summary>
    public static Unforeseen Of(Exception e)
    {
        var message = Redactor.CleanOfAll(e.Message);
        return new(e.GetType().Name, message.Length > MessageMax ? message[..MessageMax] + " …" : message,
            Witness.Current?.Report(e) ?? "Send the two lines above.");
    }
}
