namespace CarbonMarket.Journaling;

/// <summary>
/// The one character that JSON can say and PostgreSQL's jsonb cannot. A row with it would fail the whole batch, and with it
/// commands of others that have nothing to do with it.
/// </summary>
internal static class UnstorableText
{
    private const byte Backslash = (byte)'\\';

    public static bool IsIn(ReadOnlySpan<byte> json)
    {
        for (var from = 0; json[from..].IndexOf("\\u0000"u8) is var found and >= 0; from += found + 1)
        {
            // Behind another backslash it is that one's: two of them are the character itself, and what follows is plain text.
            var before = json[..(from + found)];
            if ((before.Length - before.TrimEnd(Backslash).Length) % 2 == 0)
                return true;
        }
        return false;
    }
}
