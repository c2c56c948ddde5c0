namespace CarbonMarket.Identity.Participants;

/// <summary>
/// Unified social credit code of organisations (统一社会信用代码, GB 32100-2015): 17 characters and a check character, of
/// an alphabet without I, O, S, V and Z.
/// </summary>
public static class UnifiedSocialCreditCode
{
    private const string Alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    private const int Length = 18;

    // GB 32100-2015, table 2: 3^(i-1) mod 31.
    private static ReadOnlySpan<int> Weights => [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

    /// <summary>Whether a registration code of unknown origin is meant as one: 18 digits and capital letters.</summary>
    public static bool LooksLike(string code) => code.Length == Length && code.All(char.IsAsciiLetterOrDigit);

    /// <summary>Whether every character is allowed and the last one is the check character of the others.</summary>
    public static bool IsValid(string code)
    {
        if (code.Length != Length)
            return false;
        var sum = 0;
        for (var place = 0; place < Weights.Length; place++)
        {
            var value = Alphabet.IndexOf(code[place], StringComparison.Ordinal);
            if (value < 0)
                return false;
            sum += value * Weights[place];
        }
        return code[^1] == Alphabet[(31 - sum % 31) % 31];
    }
}
