using System.Globalization;

namespace CarbonMarket.Settlement.Accounts;

/// <summary>
/// The number a person reads out: prefix, serial, two check digits by ISO 7064 MOD 97-10 over all letters and digits, so
/// that a mistyped character or two swapped ones never name another account.
/// </summary>
public static class AccountNumber
{
    private const int Modulus = 97;

    public static string Of(string prefix, long serial)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{serial:00000000}");
        var check = Modulus + 1 - Remainder(body + "00");
        return string.Create(CultureInfo.InvariantCulture, $"{body}-{check:00}");
    }

    /// <summary>Null: it is no number of an account.</summary>
    public static long? SerialOf(string number) =>
        IsValid(number) && number.Split('-') is [.., var serial, _] && long.TryParse(serial, NumberStyles.None, CultureInfo.InvariantCulture, out var known)
            ? known
            : null;

    public static bool IsValid(string number) => number.Length > 2 && Remainder(number) == 1;

    /// <summary>The number modulo 97, each letter read as 10 (A) to 35 (Z), hyphens passed over.</summary>
    private static int Remainder(string text)
    {
        var remainder = 0;
        foreach (var character in text)
        {
            if (char.IsAsciiDigit(character))
                remainder = (remainder * 10 + (character - '0')) % Modulus;
            else if (char.IsAsciiLetterUpper(character))
                remainder = (remainder * 100 + (character - 'A' + 10)) % Modulus;
            else if (character != '-')
                return 0;
        }
        return remainder;
    }
}
