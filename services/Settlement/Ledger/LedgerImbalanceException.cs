using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace CarbonMarket.Settlement.Ledger;

/// <summary>
/// A posting does not balance: the journal or the code is wrong. The ledger stops rather than go on with a wrong book.
/// </summary>
public sealed class LedgerImbalanceException : Exception
{
    public LedgerImbalanceException()
    {
    }

    public LedgerImbalanceException(string message)
        : base(message)
    {
    }

    public LedgerImbalanceException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public static void Unless(
        [DoesNotReturnIf(false)] bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref BrokenRule rule)
    {
        if (!holds)
            throw new LedgerImbalanceException(rule.ToString());
    }

    /// <summary>The message is written only when the rule is broken: assertions stand on the hottest path there is.</summary>
    [InterpolatedStringHandler]
    public ref struct BrokenRule
    {
        private DefaultInterpolatedStringHandler _text;

        public BrokenRule(int literalLength, int formattedCount, bool holds, out bool broken)
        {
            broken = !holds;
            _text = broken ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
        }

        public void AppendLiteral(string value) => _text.AppendLiteral(value);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public override string ToString() => _text.ToStringAndClear();
    }
}
