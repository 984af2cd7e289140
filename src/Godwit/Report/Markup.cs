using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Godwit.Report;

/// <summary>HTML. Values in its interpolated strings are encoded, so a table's name cannot become an element.</summary>
internal readonly record struct Markup(string Text)
{
    public static readonly Markup None = new("");

    public static Markup Of(MarkupWriter writer) => writer.ToMarkup();

    /// <summary>No empty frame if there is nothing to show.</summary>
    public static Markup When(bool there, Func<Markup> make) => there ? make() : None;
}

/// <summary>Takes markup as it is and text encoded; anything else does not compile.</summary>
[InterpolatedStringHandler]
internal readonly ref struct MarkupWriter(int literalLength, int holes)
{
    // A name, a number or a small element; a guess that only saves reallocations.
    private const int HoleLength = 32;

    private readonly StringBuilder _text = new(literalLength + holes * HoleLength);

    public void AppendLiteral(string markup) => _text.Append(markup);

    public void AppendFormatted(Markup markup) => _text.Append(markup.Text);

    public void AppendFormatted(IEnumerable<Markup> parts)
    {
        foreach (var part in parts)
            _text.Append(part.Text);
    }

    public void AppendFormatted(string? text) => _text.Append(WebUtility.HtmlEncode(Words.Block(text ?? "")));

    public Markup ToMarkup() => new(_text.ToString());
}
