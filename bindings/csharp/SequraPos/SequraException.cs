// A runtime may have an attribute of this name already; the assembly's own serves all.
#pragma warning disable 436

using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace SequraPos
{
    /// <summary>
    /// A call that was not done. Status says what came of it; the classes derived from this one are its thousands.
    /// Everything else is in Result, and from there in the other properties.
    /// </summary>
    public class SequraException : Exception
    {
        internal SequraException(SequraStatus status, string message, SequraResult result)
            : base(SequraLibrary.StatusName(status) + ": " + message)
        {
            Status = status;
            Result = result;
        }

        /// <summary>What came of the call.</summary>
        public SequraStatus Status { get; private set; }

        /// <summary>The status's name: "SQ_CONFLICT".</summary>
        public string StatusName
        {
            get { return SequraLibrary.StatusName(Status); }
        }

        /// <summary>
        /// The whole result. null for SequraOrderBuilder and SequraResult.Get, whose calls give none. It needs no
        /// disposing: it goes when the exception is collected.
        /// </summary>
        [MaybeNull]
        public SequraResult Result { get; private set; }

        /// <summary>Everything that is wrong, each with its code and its place.</summary>
        public IList<SequraProblem> Errors
        {
            get { return Result == null ? new SequraProblem[0] : Result.Errors; }
        }

        /// <summary>The first problem's code, one of SequraErrorCode; null if there is none.</summary>
        [MaybeNull]
        public string Code
        {
            get { return Result == null ? null : Result.Find("/errors/0/code"); }
        }

        /// <summary>The order it is about; null if there is none.</summary>
        [MaybeNull]
        public SequraOrder Order
        {
            get { return Result == null ? null : Result.Order; }
        }

        /// <summary>What the till should do now: one of SequraNext.</summary>
        public string Next
        {
            get { return Result == null ? SequraNext.None : Result.Next; }
        }

        /// <summary>For the person at the till, in the configured language.</summary>
        public string OperatorMessage
        {
            get { return Result == null ? "" : Result.OperatorMessage; }
        }

        /// <summary>The exception of a call that gave a result.</summary>
        internal static SequraException Of(int status, SequraResult result)
        {
            // Only where the library could allocate nothing at all there is none.
            if (result.IsMissing)
                return Of(status, "the library gave no result", null);
            IList<SequraProblem> errors = result.Errors;
            string message = errors.Count > 0 ? errors[0].Message : result.OperatorMessage;
            return Of(status, errors.Count > 1 ? message + " (and " + (errors.Count - 1) + " more)" : message, result);
        }

        /// <summary>The exception of a status.</summary>
        internal static SequraException Of(int number, string message, SequraResult result = null)
        {
            var status = (SequraStatus)number;
            switch (status)
            {
                case SequraStatus.InvalidOrder: return new SequraInvalidOrderException(status, message, result);
                case SequraStatus.Conflict: return new SequraConflictException(status, message, result);
                case SequraStatus.DuplicateOrderRef:
                    return new SequraDuplicateOrderRefException(status, message, result);
                case SequraStatus.OutcomeUnknown: return new SequraOutcomeUnknownException(status, message, result);
            }
            switch (SequraLibrary.StatusClass(status))
            {
                case 1: return new SequraInvalidCallException(status, message, result);
                case 2: return new SequraRefusedException(status, message, result);
                case 3: return new SequraNoAnswerException(status, message, result);
                case 4: return new SequraMachineException(status, message, result);
                case 9: return new SequraInternalException(status, message, result);
            }
            // One that a newer library has.
            return new SequraException(status, message, result);
        }
    }

    /// <summary>1xxx: the call was wrong; nothing was sent.</summary>
    public class SequraInvalidCallException : SequraException
    {
        internal SequraInvalidCallException(SequraStatus status, string message, SequraResult result)
            : base(status, message, result)
        {
        }
    }

    /// <summary>1006: the order was refused before sending. Errors has every problem, with its place.</summary>
    public sealed class SequraInvalidOrderException : SequraInvalidCallException
    {
        internal SequraInvalidOrderException(SequraStatus status, string message, SequraResult result)
            : base(status, message, result)
        {
        }
    }

    /// <summary>2xxx: seQura said no; asking again unchanged will not help.</summary>
    public class SequraRefusedException : SequraException
    {
        internal SequraRefusedException(SequraStatus status, string message, SequraResult result)
            : base(status, message, result)
        {
        }
    }

    /// <summary>
    /// HTTP 409: seQura refuses the order as it is now. Do not complete the sale. Code and Errors say what is
    /// different: SequraErrorCode.CartChanged, SequraErrorCode.AmountAboveApproved, SequraErrorCode.NotApproved, ...
    /// </summary>
    public class SequraConflictException : SequraRefusedException
    {
        internal SequraConflictException(SequraStatus status, string message, SequraResult result)
            : base(status, message, result)
        {
        }
    }

    /// <summary>The order_ref_1 is another order's: choose another one.</summary>
    public sealed class SequraDuplicateOrderRefException : SequraConflictException
    {
        internal SequraDuplicateOrderRefException(SequraStatus status, string message, SequraResult result)
            : base(status, message, result)
        {
        }
    }

    /// <summary>3xxx: no final answer. Calling again is safe, and SequraClient.Recover will.</summary>
    public class SequraNoAnswerException : SequraException
    {
        internal SequraNoAnswerException(SequraStatus status, string message, SequraResult result)
            : base(status, message, result)
        {
        }
    }

    /// <summary>
    /// It may have been processed. The goods stay, no other payment is taken; the same call, now or after a
    /// restart, finds out.
    /// </summary>
    public sealed class SequraOutcomeUnknownException : SequraNoAnswerException
    {
        internal SequraOutcomeUnknownException(SequraStatus status, string message, SequraResult result)
            : base(status, message, result)
        {
        }
    }

    /// <summary>4xxx: this machine. The journal cannot be written, or another till is at work.</summary>
    public sealed class SequraMachineException : SequraException
    {
        internal SequraMachineException(SequraStatus status, string message, SequraResult result)
            : base(status, message, result)
        {
        }
    }

    /// <summary>A bug of the library, caught. Dispose of the client and open another.</summary>
    public sealed class SequraInternalException : SequraException
    {
        internal SequraInternalException(SequraStatus status, string message, SequraResult result)
            : base(status, message, result)
        {
        }
    }
}
