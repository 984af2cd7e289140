namespace Godwit.Faults;

/// <summary>One thing wrong with the command line; all of them are collected and shown together.</summary>
/// <param name="Option">The flag as the user typed it, e.g. <c>--via</c>.</param>
public sealed record OptionProblem(string Option, string Why, string Remedy);
